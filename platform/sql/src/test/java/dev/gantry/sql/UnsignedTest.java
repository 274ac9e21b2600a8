// SPDX-License-Identifier: Apache-2.0
package dev.gantry.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Fault;
import dev.gantry.testkit.Seeds;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnsignedTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 1, Long.MAX_VALUE, Long.MIN_VALUE, -1})
    void aNumberSurvives(long bits) {
        assertEquals(bits, Unsigned.bits(Unsigned.text(bits)));
    }

    @Seeds(200)
    void textsStandInTheOrderOfTheNumbers(long seed) {
        var chance = new SplittableRandom(seed);
        long one = chance.nextLong() >>> chance.nextInt(64);
        long other = chance.nextBoolean() ? one + 1 : chance.nextLong() >>> chance.nextInt(64);

        int order = Long.compareUnsigned(one, other);

        assertEquals(Integer.signum(order), Integer.signum(Unsigned.text(one).compareTo(Unsigned.text(other))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "+0000000000000000001", "18446744073709551616", "99999999999999999999", "0x"})
    void whatIsNoSuchNumberIsRefused(String text) {
        Fault fault = assertThrows(Fault.class, () -> Unsigned.bits(text));

        assertEquals(Fault.Kind.INVALID, fault.kind());
        assertTrue(fault.getMessage().contains("unsigned"));
    }
}
