// SPDX-License-Identifier: Apache-2.0
package dev.gantry.examples.smartcam.camera;

import java.util.Locale;

/// What a frame says about its product.
///
/// @param sequence of the frame since the start
/// @param sharpness steepest step of brightness along the middle row, 0 to 1
/// @param spots share of the product's surface that is dark
/// @param score 1 is flawless, 0 is waste
record Inspection(long sequence, double sharpness, double spots, double score) {
    private static final int DARK = 110;
    private static final double FULL_STEP = 120.0;
    private static final double SPOTS_THAT_SPOIL = 0.05;

    static Inspection of(long sequence, Frame frame) {
        int steepest = 0;
        int row = frame.height() / 2;
        for (int x = 1; x < frame.width(); x++) {
            steepest = Math.max(steepest, Math.abs(frame.at(x, row) - frame.at(x - 1, row)));
        }
        int surface = 0;
        int dark = 0;
        for (int y = 0; y < frame.height(); y++) {
            for (int x = 0; x < frame.width(); x++) {
                // The rim belongs to the outline, not to the surface.
                if (frame.isInside(x, y) && frame.isInside(x - 4, y) && frame.isInside(x + 4, y)) {
                    surface++;
                    dark += frame.at(x, y) < DARK ? 1 : 0;
                }
            }
        }
        double sharpness = Math.min(1, steepest / FULL_STEP);
        double spots = (double) dark / surface;
        double score = sharpness * Math.max(0, 1 - spots / SPOTS_THAT_SPOIL);
        return new Inspection(sequence, sharpness, spots, score);
    }

    String json() {
        return String.format(
                Locale.ROOT,
                "{\"sequence\":%d,\"sharpness\":%.3f,\"spots\":%.4f,\"score\":%.3f}",
                sequence,
                sharpness,
                spots,
                score);
    }
}
