// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.agent.runtime.WorkloadException;
import dev.gantry.content.Blob;
import dev.gantry.content.Tree;
import dev.gantry.content.Yaml;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Settings (webassembly §4.2) and parameters (§7).
final class PlanTest {
    private static final String WHOLE = """
            apiVersion: x-wasm/v1
            modules:
              monitor:
                abi: wasip1
                entry: command
                args: ["--line", "4"]
                env: { THRESHOLD: "0.75" }
                limits: { memory: 4Mi, stack: 64Ki, cpu: 200m, deadline: 2s, storage: 1Mi, logRate: 16Ki/s, instances: 1 }
                grants:
                  clocks: [monotonic, wall]
                  random: true
                  files: [ { volume: state, path: /data, access: rw } ]
                restart: { policy: always, max: 3, within: 1m, backoff: { first: 2s, max: 1m30s } }
                health: { startWithin: 4s, liveness: { type: heartbeat, every: 30s } }
                stop: { grace: 3s }
            volumes:
              state: { size: 2Mi, keep: true }
            """;

    private static Plan plan(String yaml) throws WorkloadException {
        return PlanReader.read((Tree.Obj) Yaml.read(Blob.utf8(yaml)), "filter");
    }

    @Test
    void everySettingIsRead() throws WorkloadException {
        Plan plan = plan(WHOLE);
        assertEquals("monitor", plan.module());
        assertEquals(List.of("--line", "4"), plan.args());
        assertEquals(Map.of("THRESHOLD", "0.75"), plan.env());
        assertEquals(4 << 20, plan.limits().memoryBytes());
        assertEquals(64, plan.limits().pages());
        assertEquals(64 << 10, plan.limits().stackBytes());
        assertEquals(200, plan.limits().milliCores());
        assertEquals(Duration.ofSeconds(2), plan.limits().deadline().orElseThrow());
        assertEquals(16 << 10, plan.limits().logRate());
        assertEquals(List.of("clocks", "random", "files"), plan.grants().names());
        assertEquals(new Plan.Volume(2 << 20, true), plan.volumes().get("state"));
        assertEquals(
                new Plan.Restart(
                        Plan.Restart.Policy.ALWAYS,
                        3,
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(90)),
                plan.supervision().restart());
        assertEquals(Duration.ofSeconds(4), plan.supervision().startWithin());
        assertEquals(Duration.ofSeconds(30), plan.supervision().heartbeat().orElseThrow());
        assertEquals(Duration.ofSeconds(3), plan.supervision().grace());
    }

    @Test
    void aModuleWithoutSettingsIsGrantedNothing() throws WorkloadException {
        Plan plan = plan("{}");
        assertEquals("filter", plan.module());
        assertEquals(Plan.Limits.DEFAULT, plan.limits());
        assertEquals(Plan.Grants.NONE, plan.grants());
        assertEquals(Plan.Supervision.DEFAULT, plan.supervision());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        colour: red                                     | colour
        abi: wasip2                                     | abi is "wasip2"
        entry: http                                     | entry is "http"
        env: { "A B": x }                               | env.A B
        env: { A: 1 }                                   | env.A
        limits: { memory: much }                        | limits.memory
        limits: { fuel: 3 }                             | limits.fuel
        limits: { stack: 1Gi }                          | limits.stack
        limits: { cpu: 0 }                              | limits.cpu
        limits: { instances: 2 }                        | limits.instances
        grants: { clocks: [sundial] }                   | grants.clocks
        grants: { outbound: [] }                        | grants.outbound
        grants: { files: [ { volume: x, path: /a } ] }  | grants.files[0].volume
        grants: { files: [ { path: /../etc } ] }        | grants.files[0].path
        volumes: { "../x": {} }                         | volumes.../x
        restart: { policy: sometimes }                  | restart.policy
        restart: { max: 5000 }                          | restart.max
        health: { startWithin: soon }                   | health.startWithin
        health: { liveness: { type: http } }            | health.liveness.type
        stop: { grace: 5 }                              | stop.grace
        apiVersion: x-wasm/v2                           | apiVersion
        modules: { }                                    | modules
        modules: { a: {}, b: {} }                       | modules
        modules: { a: { image: ./a.wasm } }             | modules.a.image
        """)
    void whatCannotBeKeptIsRefusedByItsName(String yaml, String named) {
        var refusal = assertThrows(WorkloadException.class, () -> plan(yaml));
        assertEquals("WASM_FORMAT_UNSUPPORTED", refusal.code());
        assertTrue(refusal.getMessage().contains(named), refusal.getMessage());
    }

    private static Plan applied(String pointer, Tree value) throws WorkloadException {
        return Parameters.apply(plan(WHOLE), Map.of(pointer, value));
    }

    @Test
    void parametersReachWhatTheyPointTo() throws WorkloadException {
        assertEquals(
                "1", applied("THRESHOLD", Tree.of(new BigDecimal("1.0"))).env().get("THRESHOLD"));
        assertEquals("true", applied("ENV.DEBUG", Tree.of(true)).env().get("DEBUG"));
        assertEquals("x", applied("modules.monitor.env.A", Tree.of("x")).env().get("A"));
        assertEquals(
                List.of("--line", "5"),
                applied("modules.monitor.args.1", Tree.of(5)).args());
        assertEquals(
                List.of("--line", "4", "v"),
                applied("modules.monitor.args.+", Tree.of("v")).args());
        assertEquals(
                2 << 20,
                applied("modules.monitor.limits.memory", Tree.of("2Mi"))
                        .limits()
                        .memoryBytes());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        modules.monitor.limits.memory      | 8Mi   | would raise a limit
        modules.monitor.limits.deadline    | 1m    | would raise a limit
        modules.monitor.limits.fuel        | 1     | is not a limit
        modules.monitor.limits.memory      | lots  | is not an amount
        modules.monitor.grants.random      | true  | would change a grant
        modules.monitor.grants.outbound.+  | x     | would change a grant
        modules.other.env.A                | 1     | the module is monitor
        modules.monitor.args.2             | 1     | is not one of the 2 arguments
        modules.monitor.args.-1            | 1     | is not one of the 2 arguments
        modules.monitor.restart.max        | 1     | points to nothing
        modules.monitor                    | 1     | names a module
        global.image                       | 1     | is not the name of a variable
        ENV.A=B                            | 1     | is not the name of a variable
        """)
    void otherPointersAreRefused(String pointer, String value, String why) {
        var refusal = assertThrows(WorkloadException.class, () -> applied(pointer, Tree.of(value)));
        assertEquals("PARAMETER_INVALID", refusal.code());
        assertTrue(refusal.getMessage().contains(why), refusal.getMessage());
        assertTrue(refusal.getMessage().contains(pointer), refusal.getMessage());
    }

    @Test
    void theValueOfARefusedParameterIsNotRepeated() {
        var refusal = assertThrows(WorkloadException.class, () -> applied("a.b", Tree.of("s3cret")));
        assertFalse(refusal.getMessage().contains("s3cret"));
        var object = assertThrows(WorkloadException.class, () -> applied("A", Tree.of(List.of(Tree.of("s3cret")))));
        assertFalse(object.getMessage().contains("s3cret"));
    }
}
