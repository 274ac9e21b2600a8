// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec;

import dev.gantry.content.Fault;
import dev.gantry.content.Tree;
import java.math.BigDecimal;
import java.math.BigInteger;

/// The version of a state manifest: an unsigned 64-bit integer from 1 on, strictly growing for one client over
/// all its
/// devices, never reused (MI-040, MI-041, MI-042). Compared and written exactly, never through a floating point
/// number.
///
/// @param bits the 64 bits, read as unsigned
@Requirement({"MI-040", "MI-041", "MI-042"})
public record ManifestVersion(long bits) implements Comparable<ManifestVersion> {
    /// The version of a client's first manifest.
    public static final ManifestVersion FIRST = new ManifestVersion(1);

    private static final BigInteger LARGEST = BigInteger.TWO.pow(Long.SIZE).subtract(BigInteger.ONE);

    public ManifestVersion {
        if (bits == 0) {
            throw Fault.invalid("a manifest version is at least 1");
        }
    }

    /// A version from a document's number; `INVALID` unless it is an integer from 1 to 2^64-1.
    public static ManifestVersion of(BigDecimal number) {
        try {
            BigInteger integer = number.toBigIntegerExact();
            if (integer.signum() > 0 && integer.compareTo(LARGEST) <= 0) {
                return new ManifestVersion(integer.longValue());
            }
        } catch (ArithmeticException _) {
            // A fraction is refused like every other number that is no version.
        }
        throw Fault.invalid("is not an integer from 1 to 2^64-1");
    }

    /// The version after this one.
    public ManifestVersion next() {
        return plus(1);
    }

    /// A version this much higher, for a WFM that was restored from a backup.
    public ManifestVersion plus(long steps) {
        BigInteger sum = number().add(BigInteger.valueOf(steps));
        if (sum.compareTo(LARGEST) > 0) {
            throw new Fault(Fault.Kind.BROKEN, "manifest versions are used up");
        }
        return new ManifestVersion(sum.longValue());
    }

    public boolean isAfter(ManifestVersion other) {
        return compareTo(other) > 0;
    }

    public BigInteger number() {
        return new BigInteger(Long.toUnsignedString(bits));
    }

    public Tree tree() {
        return Tree.of(new BigDecimal(number()));
    }

    @Override
    public int compareTo(ManifestVersion other) {
        return Long.compareUnsigned(bits, other.bits);
    }

    @Override
    public String toString() {
        return Long.toUnsignedString(bits);
    }
}
