// SPDX-License-Identifier: Apache-2.0
package dev.gantry.examples.smartcam.camera;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class InspectionTest {
    private static Frame product(int step, int spots) {
        var frame = new Frame(96, 64);
        for (int y = 0; y < 64; y++) {
            for (int x = 0; x < 96; x++) {
                frame.light(x, y, frame.isInside(x, y) ? 80 + step : 80);
            }
        }
        for (int i = 0; i < spots; i++) {
            frame.light(43 + i % 10, 28 + i / 10, 10);
        }
        return frame;
    }

    @Test
    void aFlawlessProductHasTheFullScore() {
        assertEquals(1.0, Inspection.of(1, product(120, 0)).score());
    }

    @Test
    void spotsAndBlurEachLowerTheScore() {
        double flawless = Inspection.of(1, product(120, 0)).score();
        double spotted = Inspection.of(1, product(120, 60)).score();
        double flat = Inspection.of(1, product(60, 0)).score();

        assertTrue(spotted < flawless && spotted > 0, "spotted " + spotted);
        assertEquals(0.5, flat);
    }

    @Test
    void overManyFramesSomeProductsAreRejectedAndMostAreNot() {
        var chance = new SplittableRandom(7);
        long rejected = 0;
        for (int i = 0; i < 1_000; i++) {
            rejected += Inspection.of(i, Frame.taken(96, 64, chance)).score() < 0.8 ? 1 : 0;
        }

        assertTrue(rejected > 50 && rejected < 400, "rejected " + rejected);
    }

    @Test
    void equalSeedsGiveEqualFrames() {
        assertEquals(
                Inspection.of(1, Frame.taken(96, 64, new SplittableRandom(3))),
                Inspection.of(1, Frame.taken(96, 64, new SplittableRandom(3))));
    }
}
