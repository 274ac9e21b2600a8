// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.compose;

import dev.gantry.agent.runtime.Observed.Condition;
import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Json;
import dev.gantry.content.Text;
import dev.gantry.content.Tree;
import dev.gantry.spec.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the containers of a project mean for its workload. Pure.
final class ProjectState {
    static final String REVISION = "dev.gantry.revision";
    static final String ONCE = "dev.gantry.once";

    /// One container, as the engine tells.
    ///
    /// @param once whether it is one that does its work and ends
    record Container(String service, String state, String health, int exit, Optional<Digest> revision, boolean once) {}

    private ProjectState() {}

    /// Reads what `ps --format json` printed: an object per line, or one array in older versions.
    static List<Container> read(String output) {
        var containers = new ArrayList<Container>();
        for (String line : output.lines().filter(text -> !text.isBlank()).toList()) {
            switch (Json.read(Blob.utf8(line))) {
                case Tree.Arr(var items) -> items.forEach(item -> add(item, containers));
                case Tree other -> add(other, containers);
            }
        }
        return containers;
    }

    private static void add(Tree tree, List<Container> containers) {
        if (tree instanceof Tree.Obj object) {
            String labels = text(object, "Labels");
            containers.add(new Container(
                    text(object, "Service"),
                    text(object, "State"),
                    text(object, "Health"),
                    object.get("ExitCode").orElse(Tree.of(0)) instanceof Tree.Num(var code) ? code.intValue() : 0,
                    label(labels, REVISION).filter(Digest::isDigest).map(Digest::new),
                    label(labels, ONCE).isPresent()));
        }
    }

    private static String text(Tree.Obj object, String name) {
        return object.get(name).orElse(Tree.of("")) instanceof Tree.Str(var text) ? text : "";
    }

    private static Optional<String> label(String labels, String name) {
        for (String each : labels.split(",", -1)) {
            if (each.startsWith(name + "=")) {
                return Optional.of(each.substring(name.length() + 1));
            }
        }
        return Optional.empty();
    }

    /// The revision that all containers have; none while they differ, in the middle of an update that broke off.
    static Optional<Digest> revision(List<Container> containers) {
        List<Optional<Digest>> all =
                containers.stream().map(Container::revision).distinct().toList();
        return all.size() == 1 ? all.getFirst() : Optional.empty();
    }

    /// The worst of its containers. Success is told only when all run, and are healthy where they can tell.
    @Requirement({"AD-098", "AD-099", "AD-100"})
    static Condition condition(List<Container> containers) {
        boolean starting = containers.isEmpty();
        for (Container container : containers) {
            String service = "service " + Text.quoted(container.service);
            switch (container.state) {
                case "running" -> {
                    if (container.health.equals("unhealthy")) {
                        return new Condition.Failed("COMPOSE_UNHEALTHY", service + " is unhealthy");
                    }
                    starting |= container.health.equals("starting");
                }
                case "exited", "dead", "restarting" -> {
                    if (!(container.once && container.exit == 0 && container.state.equals("exited"))) {
                        return new Condition.Failed("COMPOSE_EXITED", service + " ended with " + container.exit);
                    }
                }
                case "paused" -> {
                    return new Condition.Failed("COMPOSE_PAUSED", service + " is paused");
                }
                default -> starting = true;
            }
        }
        return starting ? new Condition.Starting() : new Condition.Running();
    }
}
