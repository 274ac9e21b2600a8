// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import dev.gantry.agent.runtime.WorkloadException;
import dev.gantry.content.Fault;
import dev.gantry.content.Fields;
import dev.gantry.content.Text;
import dev.gantry.content.Tree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// Reads the member `wasm` of a component's `x-gantry-extensions` (webassembly §4.2): either the settings of the one
/// module, or `modules` with one entry beside `volumes`. The schema is closed: what this runtime cannot keep is refused
/// and named instead of being ignored.
final class PlanReader {
    private static final String RULE = "webassembly §4.2";
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern VOLUME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final Pattern GUEST_PATH = Pattern.compile("(/[A-Za-z0-9._-]+)+");
    private static final int MAX_RESTARTS = 1000;
    private static final long MIN_STACK = 16L << 10;
    private static final long MAX_STACK = 64L << 20;

    private PlanReader() {}

    /// @param component the module's name where the settings do not name it
    static Plan read(Tree.Obj settings, String component) throws WorkloadException {
        try {
            return Fields.read("x-gantry-extensions.wasm", settings, root -> {
                Map<String, Plan.Volume> volumes = volumes(root);
                root.text("apiVersion", RULE)
                        .filter(version -> !version.equals("x-wasm/v1"))
                        .ifPresent(_ -> root.wrong("apiVersion", RULE, "is not x-wasm/v1"));
                Map<String, Fields> modules = root.map("modules", RULE);
                if (root.tree().get("modules").isEmpty()) {
                    return module(root, component, volumes);
                }
                root.closed(RULE, Set.of());
                if (modules.size() != 1) {
                    root.wrong("modules", RULE, "must have exactly one module here");
                    return () -> new Plan(
                            "",
                            List.of(),
                            new LinkedHashMap<>(),
                            Plan.Limits.DEFAULT,
                            Plan.Grants.NONE,
                            Plan.Supervision.DEFAULT,
                            Map.of());
                }
                Map.Entry<String, Fields> only = modules.entrySet().iterator().next();
                return module(only.getValue(), only.getKey(), volumes);
            });
        } catch (Fault fault) {
            throw new WorkloadException(Codes.FORMAT_UNSUPPORTED, fault.getMessage(), false, fault);
        }
    }

    private static java.util.function.Supplier<Plan> module(
            Fields fields, String name, Map<String, Plan.Volume> volumes) {
        among(fields, "abi", Set.of("core", "wasip1"));
        among(fields, "entry", Set.of("command"));
        List<String> args = fields.texts("args", RULE).orElse(List.of());
        SequencedMap<String, String> env = environment(fields);
        Plan.Limits limits = limits(fields);
        Plan.Grants grants = grants(fields, volumes);
        Plan.Supervision supervision = supervision(fields);
        fields.closed(RULE, Set.of());
        return () -> new Plan(name, args, env, limits, grants, supervision, volumes);
    }

    private static void among(Fields fields, String member, Set<String> values) {
        fields.text(member, RULE)
                .filter(value -> !values.contains(value))
                .ifPresent(value -> fields.wrong(
                        member,
                        RULE,
                        "is " + Text.quoted(value) + ", this device runs " + String.join(" or ", values)));
    }

    private static SequencedMap<String, String> environment(Fields fields) {
        var env = new LinkedHashMap<String, String>();
        fields.object("env", RULE)
                .ifPresent(inner -> inner.tree().members().keySet().forEach(name -> {
                    if (isVariable(name)) {
                        inner.text(name, RULE).ifPresent(value -> env.put(name, value));
                    } else {
                        inner.wrong(name, RULE, "is not the name of a variable");
                    }
                }));
        return env;
    }

    static boolean isVariable(String name) {
        return VARIABLE.matcher(name).matches();
    }

    private static Plan.Limits limits(Fields fields) {
        var limits = new Plan.Limits[] {Plan.Limits.DEFAULT};
        fields.object("limits", RULE).ifPresent(inner -> {
            for (String name : inner.tree().members().keySet()) {
                if (!name.equals("instances")) {
                    scalar(inner, name, text -> limits[0] = limit(limits[0], name, text));
                }
            }
            inner.number("instances", RULE)
                    .filter(count -> count.compareTo(java.math.BigDecimal.ONE) != 0)
                    .ifPresent(_ -> inner.wrong("instances", RULE, "must be 1"));
        });
        return limits[0];
    }

    private static void scalar(Fields fields, String name, Consumer<String> use) {
        try {
            fields.any(name).ifPresent(value -> use.accept(Parameters.text(value)));
        } catch (Fault fault) {
            fields.wrong(name, RULE, fault.getMessage());
        }
    }

    /// One limit replaced; `INVALID` when there is none of this name or the amount makes no sense.
    static Plan.Limits limit(Plan.Limits limits, String name, String text) {
        return switch (name) {
            case "memory" -> limits.withMemory(Quantity.bytes(text));
            case "stack" -> limits.withStack(within(Quantity.bytes(text), MIN_STACK, MAX_STACK));
            case "cpu" -> limits.withCpu(Quantity.milliCores(text));
            case "deadline" -> limits.withDeadline(Quantity.time(text));
            case "storage" -> limits.withStorage(Quantity.bytes(text));
            case "logRate" -> limits.withLogRate(Quantity.rate(text));
            default -> throw Fault.invalid("is not a limit that this device keeps");
        };
    }

    private static long within(long value, long least, long most) {
        if (value < least || value > most) {
            throw Fault.invalid("must be from " + least + " to " + most + " bytes");
        }
        return value;
    }

    private static Plan.Grants grants(Fields fields, Map<String, Plan.Volume> volumes) {
        Optional<Fields> found = fields.object("grants", RULE);
        if (found.isEmpty()) {
            return Plan.Grants.NONE;
        }
        Fields inner = found.orElseThrow();
        List<String> clocks = inner.texts("clocks", RULE).orElse(List.of());
        clocks.stream()
                .filter(clock -> !Set.of("monotonic", "wall").contains(clock))
                .forEach(_ -> inner.wrong("clocks", RULE, "may name monotonic and wall only"));
        boolean random = inner.bool("random", RULE).orElse(false);
        List<Plan.FileGrant> files = inner.objects("files", RULE).stream()
                .map(item -> file(item, volumes))
                .toList();
        inner.closed(RULE, Set.of());
        return new Plan.Grants(clocks.contains("monotonic"), clocks.contains("wall"), random, files);
    }

    private static Plan.FileGrant file(Fields item, Map<String, Plan.Volume> volumes) {
        String volume = item.needText("volume", RULE).orElse("");
        if (!volume.isEmpty() && !volumes.containsKey(volume)) {
            item.wrong("volume", RULE, "is not one of the volumes");
        }
        String path = item.needText("path", RULE).orElse("");
        if (!path.isEmpty() && (!GUEST_PATH.matcher(path).matches() || path.contains("/.."))) {
            item.wrong("path", RULE, "is not an absolute path such as /data");
        }
        among(item, "access", Set.of("ro", "rw"));
        String access = item.text("access", RULE).orElse("ro");
        item.closed(RULE, Set.of());
        return new Plan.FileGrant(volume, path, access.equals("rw"));
    }

    private static Map<String, Plan.Volume> volumes(Fields root) {
        var volumes = new LinkedHashMap<String, Plan.Volume>();
        root.map("volumes", RULE).forEach((name, fields) -> {
            if (!VOLUME.matcher(name).matches()) {
                root.wrong("volumes." + name, RULE, "is not a name of a-z, 0-9 and '-'");
            }
            long size = fields.value("size", RULE, Quantity::bytes).orElse(Plan.Limits.DEFAULT.storageBytes());
            boolean keep = fields.bool("keep", RULE).orElse(false);
            fields.closed(RULE, Set.of());
            volumes.put(name, new Plan.Volume(size, keep));
        });
        return volumes;
    }

    private static Plan.Supervision supervision(Fields fields) {
        var usual = Plan.Supervision.DEFAULT;
        Plan.Restart restart =
                fields.object("restart", RULE).map(PlanReader::restart).orElse(usual.restart());
        var startWithin = new Duration[] {usual.startWithin()};
        var heartbeat = new ArrayList<Duration>();
        fields.object("health", RULE).ifPresent(health -> {
            startWithin[0] = health.value("startWithin", RULE, Quantity::time).orElse(usual.startWithin());
            health.object("liveness", RULE).ifPresent(liveness -> {
                among(liveness, "type", Set.of("none", "heartbeat"));
                Optional<Duration> every = liveness.value("every", RULE, Quantity::time);
                if (liveness.text("type", RULE).orElse("none").equals("heartbeat")) {
                    heartbeat.add(every.orElse(Duration.ofSeconds(30)));
                }
                liveness.closed(RULE, Set.of());
            });
            health.closed(RULE, Set.of());
        });
        Duration grace = fields.object("stop", RULE)
                .flatMap(stop -> {
                    Optional<Duration> value = stop.value("grace", RULE, Quantity::time);
                    stop.closed(RULE, Set.of());
                    return value;
                })
                .orElse(usual.grace());
        return new Plan.Supervision(restart, startWithin[0], heartbeat.stream().findFirst(), grace);
    }

    private static Plan.Restart restart(Fields fields) {
        var usual = Plan.Restart.DEFAULT;
        among(fields, "policy", Set.of("never", "on-failure", "always"));
        Plan.Restart.Policy policy = switch (fields.text("policy", RULE).orElse("on-failure")) {
            case "never" -> Plan.Restart.Policy.NEVER;
            case "always" -> Plan.Restart.Policy.ALWAYS;
            default -> Plan.Restart.Policy.ON_FAILURE;
        };
        int max = fields.number("max", RULE).map(number -> number.intValue()).orElse(usual.max());
        if (max < 0 || max > MAX_RESTARTS) {
            fields.wrong("max", RULE, "must be from 0 to " + MAX_RESTARTS);
        }
        Duration within = fields.value("within", RULE, Quantity::time).orElse(usual.within());
        Duration first = usual.first();
        Duration most = usual.most();
        Optional<Fields> backoff = fields.object("backoff", RULE);
        if (backoff.isPresent()) {
            first = backoff.orElseThrow().value("first", RULE, Quantity::time).orElse(first);
            most = backoff.orElseThrow().value("max", RULE, Quantity::time).orElse(most);
            backoff.orElseThrow().closed(RULE, Set.of());
        }
        fields.closed(RULE, Set.of());
        return new Plan.Restart(policy, max, within, first, most);
    }
}
