// SPDX-License-Identifier: Apache-2.0
package dev.gantry.content;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// The members of one object, read with their types. What is wrong is collected field by field instead of
/// stopping at
/// the first, so that a sender can repair a document in one go (MI-022).
///
/// ```java
/// return Fields.read("deployment status", tree, fields -> {
///     var id = fields.need("deploymentId", "MI-105", DeploymentId::new);
///     return () -> new DeploymentStatus(id.orElseThrow());      // runs only when nothing was wrong
/// });
/// ```
public final class Fields {
    private final Tree.Obj object;
    private final String path;
    private final List<Finding> findings;
    private final Set<String> known = new HashSet<>();

    private Fields(Tree.Obj object, String path, List<Finding> findings) {
        this.object = object;
        this.path = path;
        this.findings = findings;
    }

    /// Reads a whole document: `INVALID` without findings when it is no object, with findings when members are
    /// wrong.
    public static <T> T read(String document, Tree tree, Function<Fields, Supplier<T>> reader) {
        if (!(tree instanceof Tree.Obj root)) {
            throw Fault.invalid(document + " is not an object");
        }
        var findings = new ArrayList<Finding>();
        Supplier<T> value = reader.apply(new Fields(root, "", findings));
        if (!findings.isEmpty()) {
            throw Fault.invalid(document, findings);
        }
        return value.get();
    }

    /// Reports a member as wrong; an empty name is the object itself.
    public void wrong(String name, String rule, String message) {
        findings.add(new Finding(name.isEmpty() ? path : at(name), rule, message));
    }

    /// The path of a member of this object, from the document's root.
    public String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    public Tree.Obj tree() {
        return object;
    }

    /// The member as it stands; `null` counts as a value here.
    public Optional<Tree> any(String name) {
        known.add(name);
        return object.get(name);
    }

    /// The same, reported when absent.
    public Optional<Tree> needAny(String name, String rule) {
        return needed(any(name), name, rule);
    }

    private <T> Optional<T> needed(Optional<T> value, String name, String rule) {
        if (value.isEmpty() && object.get(name).isEmpty()) {
            wrong(name, rule, "is required");
        }
        return value;
    }

    private <T> Optional<T> typed(String name, String rule, String type, Function<Tree, Optional<T>> cast) {
        Optional<Tree> value = any(name);
        Optional<T> result = value.flatMap(cast);
        if (value.isPresent() && result.isEmpty()) {
            wrong(name, rule, "is not " + type);
        }
        return result;
    }

    /// A string, absent or present.
    public Optional<String> text(String name, String rule) {
        return typed(name, rule, "a string", t -> t instanceof Tree.Str(var s) ? Optional.of(s) : Optional.empty());
    }

    public Optional<String> needText(String name, String rule) {
        return needed(text(name, rule), name, rule);
    }

    /// A string that a value type can be made of; what its constructor refuses becomes a finding.
    public <T> Optional<T> value(String name, String rule, Function<String, T> type) {
        return text(name, rule).flatMap(text -> made(name, rule, () -> type.apply(text)));
    }

    public <T> Optional<T> need(String name, String rule, Function<String, T> type) {
        return needed(value(name, rule, type), name, rule);
    }

    private <T> Optional<T> made(String name, String rule, Supplier<T> maker) {
        try {
            return Optional.of(maker.get());
        } catch (Fault fault) {
            wrong(name, rule, fault.getMessage());
            return Optional.empty();
        }
    }

    public Optional<Boolean> bool(String name, String rule) {
        return typed(
                name, rule, "true or false", t -> t instanceof Tree.Bool(var b) ? Optional.of(b) : Optional.empty());
    }

    public Optional<BigDecimal> number(String name, String rule) {
        return typed(name, rule, "a number", t -> t instanceof Tree.Num(var n) ? Optional.of(n) : Optional.empty());
    }

    public Optional<BigDecimal> needNumber(String name, String rule) {
        return needed(number(name, rule), name, rule);
    }

    /// An object inside this one.
    public Optional<Fields> object(String name, String rule) {
        return typed(
                name,
                rule,
                "an object",
                t -> t instanceof Tree.Obj o ? Optional.of(inside(o, at(name))) : Optional.empty());
    }

    public Optional<Fields> needObject(String name, String rule) {
        return needed(object(name, rule), name, rule);
    }

    private Fields inside(Tree.Obj inner, String where) {
        return new Fields(inner, where, findings);
    }

    private Optional<List<Tree>> array(String name, String rule) {
        return typed(
                name, rule, "an array", t -> t instanceof Tree.Arr(var items) ? Optional.of(items) : Optional.empty());
    }

    /// An array of objects; empty when it is absent.
    public List<Fields> objects(String name, String rule) {
        var result = new ArrayList<Fields>();
        List<Tree> items = array(name, rule).orElse(List.of());
        for (int i = 0; i < items.size(); i++) {
            String item = name + "[" + i + "]";
            if (items.get(i) instanceof Tree.Obj inner) {
                result.add(inside(inner, at(item)));
            } else {
                wrong(item, rule, "is not an object");
            }
        }
        return result;
    }

    /// An array of objects that must be there.
    public List<Fields> needObjects(String name, String rule) {
        needAny(name, rule);
        return objects(name, rule);
    }

    /// An array of strings, if it is there.
    public Optional<List<String>> texts(String name, String rule) {
        return array(name, rule).map(items -> {
            var result = new ArrayList<String>();
            for (int i = 0; i < items.size(); i++) {
                if (items.get(i) instanceof Tree.Str(var text)) {
                    result.add(text);
                } else {
                    wrong(name + "[" + i + "]", rule, "is not a string");
                }
            }
            return List.copyOf(result);
        });
    }

    /// An object whose members are all objects, such as `parameters`; empty when it is absent.
    public Map<String, Fields> map(String name, String rule) {
        var result = new LinkedHashMap<String, Fields>();
        object(name, rule)
                .ifPresent(outer -> outer.object
                        .members()
                        .keySet()
                        .forEach(key -> outer.object(key, rule).ifPresent(inner -> result.put(key, inner))));
        return result;
    }

    /// The members whose names fit, reported when they are not objects: extensions.
    public Map<String, Tree.Obj> matching(Predicate<String> names, String rule) {
        var result = new LinkedHashMap<String, Tree.Obj>();
        object.members().keySet().stream()
                .filter(names)
                .forEach(name -> object(name, rule).ifPresent(inner -> result.put(name, inner.object)));
        return result;
    }

    /// Reports every member that nobody has asked for.
    public void closed(String rule, Collection<String> ignored) {
        object.members().keySet().stream()
                .filter(name -> !known.contains(name) && !ignored.contains(name))
                .forEach(name -> wrong(name, rule, "is not a member that may stand here"));
    }
}
