// SPDX-License-Identifier: Apache-2.0
package dev.gantry.examples.smartcam.camera;

import java.util.random.RandomGenerator;

/// A grey picture of a belt with one round product on it, as the sensor delivers it: blurred by movement, with noise,
/// and now and then with dark spots on the product.
final class Frame {
    private static final int BELT = 60;
    private static final int PRODUCT = 200;
    private static final int SPOT = 40;
    private static final int NOISE = 8;

    private final int width;
    private final int height;

    /// Brightness 0 to 255, row by row.
    private final int[] pixels;

    /// A black frame.
    Frame(int width, int height) {
        this.width = width;
        this.height = height;
        this.pixels = new int[width * height];
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    void light(int x, int y, int brightness) {
        pixels[y * width + x] = brightness;
    }

    int at(int x, int y) {
        return pixels[y * width + x];
    }

    boolean isInside(int x, int y) {
        double dx = x - width / 2.0;
        double dy = y - height / 2.0;
        return dx * dx + dy * dy < radius() * radius();
    }

    private double radius() {
        return Math.min(width, height) * 0.4;
    }

    /// A frame drawn from a source of chance; one product in six has spots, one in eight is blurred.
    static Frame taken(int width, int height, RandomGenerator chance) {
        var sharp = new Frame(width, height);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int light = sharp.isInside(x, y) ? PRODUCT : BELT;
                sharp.light(x, y, light + chance.nextInt(2 * NOISE + 1) - NOISE);
            }
        }
        int spots = chance.nextInt(6) == 0 ? 1 + chance.nextInt(4) : 0;
        for (int i = 0; i < spots; i++) {
            sharp.spot(chance);
        }
        return chance.nextInt(8) == 0 ? sharp.blurred().blurred() : sharp;
    }

    private void spot(RandomGenerator chance) {
        int size = 2 + chance.nextInt(3);
        int left = width / 2 - size + chance.nextInt((int) radius()) - (int) (radius() / 2);
        int top = height / 2 - size + chance.nextInt((int) radius()) - (int) (radius() / 2);
        for (int y = Math.max(0, top); y < Math.min(height, top + size); y++) {
            for (int x = Math.max(0, left); x < Math.min(width, left + size); x++) {
                light(x, y, SPOT);
            }
        }
    }

    private Frame blurred() {
        var soft = new Frame(width, height);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int sum = 0;
                for (int shift = -2; shift <= 2; shift++) {
                    sum += at(Math.clamp(x + shift, 0, width - 1), y);
                }
                soft.light(x, y, sum / 5);
            }
        }
        return soft;
    }
}
