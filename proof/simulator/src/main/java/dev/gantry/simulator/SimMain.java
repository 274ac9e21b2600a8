// SPDX-License-Identifier: Apache-2.0
package dev.gantry.simulator;

import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/// `./gantry sim --seed N [--devices n]` tells one run line by line, `--seeds A..B` runs many. Ends with 0 when
/// everything
/// held, 1 when something did not, 2 when it was asked wrongly.
public final class SimMain {
    private static final String USAGE = "usage: gantry sim [--seed N | --seeds A..B] [--devices n]";

    private SimMain() {}

    /// What was asked for.
    ///
    /// @param told whether every line is shown
    private record Order(long first, long last, int devices, boolean told) {}

    public static void main(String[] args) {
        System.exit(run(List.of(args), System.out, System.err));
    }

    static int run(List<String> args, PrintStream out, PrintStream err) {
        Optional<Order> order = order(args);
        if (order.isEmpty()) {
            err.println(USAGE);
            return 2;
        }
        Order asked = order.get();
        long broken = LongStream.rangeClosed(asked.first(), asked.last())
                .filter(seed -> !holds(seed, asked, out))
                .count();
        if (!asked.told()) {
            out.println((asked.last() - asked.first() + 1) + " seeds, " + broken + " broken");
        }
        return broken == 0 ? 0 : 1;
    }

    private static boolean holds(long seed, Order order, PrintStream out) {
        try {
            var outcome = new Simulation(seed, order.devices()).run(order.told() ? out::println : _ -> {});
            out.println("seed " + seed + ": everything held in " + outcome.events() + " events; " + outcome.summary());
            return true;
        } catch (Violation violation) {
            String message = String.valueOf(violation.getMessage());
            out.println("seed " + seed + ": "
                    + (order.told() ? message.lines().findFirst().orElse("") : message));
            return false;
        }
    }

    private static Optional<Order> order(List<String> args) {
        long first = 1;
        long last = 20;
        int devices = 0;
        boolean told = false;
        var rest = new ArrayDeque<>(args);
        try {
            while (!rest.isEmpty()) {
                String option = rest.remove();
                if (rest.isEmpty()) {
                    return Optional.empty();
                }
                String value = rest.remove();
                switch (option) {
                    case "--seed" -> {
                        first = last = Long.parseLong(value);
                        told = true;
                    }
                    case "--seeds" -> {
                        String[] ends = value.split("\\.\\.", 2);
                        first = Long.parseLong(ends[0]);
                        last = Long.parseLong(ends[ends.length - 1]);
                    }
                    case "--devices" -> devices = Integer.parseInt(value);
                    default -> {
                        return Optional.empty();
                    }
                }
            }
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
        return first > last || devices < 0 ? Optional.empty() : Optional.of(new Order(first, last, devices, told));
    }
}
