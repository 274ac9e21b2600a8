// SPDX-License-Identifier: Apache-2.0
package dev.gantry.content;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;

/// Where settings come from: flags, environment variables, a YAML or properties file. A later source never hides
/// that a
/// key stands twice in one source.
final class SettingSources {
    private static final Pattern KEY = Pattern.compile("[A-Za-z][A-Za-z0-9._-]*");

    /// What stands for one key in one source.
    ///
    /// @param key as the source spells it, without what belongs to the source
    /// @param spelling how the source spells the key, for messages
    /// @param folder what relative paths are relative to
    record Given(String key, String spelling, List<String> items, Kind kind, Path folder) {}

    enum Kind {
        FLAG,
        ENVIRONMENT,
        FILE,
        CODE
    }

    private SettingSources() {}

    /// `state.dir`, `state-dir` and `STATE_DIR` are one key.
    static String normal(String key) {
        return key.toLowerCase(Locale.ROOT).replace('.', '-').replace('_', '-');
    }

    static Map<String, Given> flags(List<String> arguments) {
        var given = new LinkedHashMap<String, Given>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (!argument.startsWith("--")) {
                throw Fault.invalid("the argument " + Text.quoted(argument) + " is no --key and belongs to none");
            }
            int equals = argument.indexOf('=');
            String key = equals < 0 ? argument.substring(2) : argument.substring(2, equals);
            String value = "true";
            if (equals >= 0) {
                value = argument.substring(equals + 1);
            } else if (i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("--")) {
                value = arguments.get(++i);
            }
            put(given, new Given(key, "--" + key, List.of(value), Kind.FLAG, Path.of("")), key);
        }
        return given;
    }

    static Map<String, Given> environment(String prefix, Map<String, String> environment) {
        var given = new LinkedHashMap<String, Given>();
        environment.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                String key = name.substring(prefix.length());
                put(given, new Given(normal(key), name, List.of(value), Kind.ENVIRONMENT, Path.of("")), key);
            }
        });
        return given;
    }

    static Map<String, Given> code(Map<String, String> values) {
        var given = new LinkedHashMap<String, Given>();
        values.forEach((key, value) -> put(given, new Given(key, key, List.of(value), Kind.CODE, Path.of("")), key));
        return given;
    }

    static Map<String, Given> file(Path file) {
        Blob content = content(file);
        try {
            return file.toString().endsWith(".properties") ? properties(file, content) : yaml(file, content);
        } catch (Fault fault) {
            throw new Fault(fault.kind(), "the configuration file " + file + ": " + fault.getMessage(), fault);
        }
    }

    static Blob content(Path file) {
        try {
            if (Files.size(file) > Limits.DOCUMENT.bytes()) {
                throw Fault.invalid(file + " has more than " + Limits.DOCUMENT.bytes() + " bytes");
            }
            return Blob.of(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new Fault(Fault.Kind.UNAVAILABLE, "cannot read " + file + ": " + e, e);
        }
    }

    private static Map<String, Given> properties(Path file, Blob content) {
        var properties = new Properties();
        try {
            properties.load(new StringReader(content.text()));
        } catch (IOException | IllegalArgumentException e) {
            throw new Fault(Fault.Kind.INVALID, "not a properties file: " + e.getMessage(), e);
        }
        var given = new LinkedHashMap<String, Given>();
        properties.stringPropertyNames().stream()
                .sorted()
                .forEach(key -> put(given, fromFile(file, key, List.of(properties.getProperty(key))), key));
        return given;
    }

    private static Map<String, Given> yaml(Path file, Blob content) {
        var given = new LinkedHashMap<String, Given>();
        if (!content.text().isBlank()) {
            flatten(file, "", Yaml.read(content), given);
        }
        return given;
    }

    private static void flatten(Path file, String key, Tree tree, Map<String, Given> into) {
        switch (tree) {
            case Tree.Obj(var members) ->
                members.forEach((name, value) -> flatten(file, key.isEmpty() ? name : key + "." + name, value, into));
            case Tree.Arr(var items) -> {
                var texts = new ArrayList<String>();
                items.forEach(item -> texts.add(scalar(key, item)));
                put(into, fromFile(file, key, texts), key);
            }
            case Tree.Str _, Tree.Num _, Tree.Bool _, Tree.Null _ ->
                put(into, fromFile(file, key, List.of(scalar(key, tree))), key);
        }
    }

    private static String scalar(String key, Tree tree) {
        return switch (tree) {
            case Tree.Str(var value) -> value;
            case Tree.Num(var value) -> Json.decimal(value);
            case Tree.Bool(var value) -> Boolean.toString(value);
            case Tree.Null _ -> throw Fault.invalid("the setting " + Text.quoted(key) + " has no value");
            case Tree.Obj _, Tree.Arr _ ->
                throw Fault.invalid("the setting " + Text.quoted(key) + " is a list of something other than texts");
        };
    }

    private static Given fromFile(Path file, String key, List<String> items) {
        Path folder = file.toAbsolutePath().getParent();
        return new Given(
                key, key + " in " + file, List.copyOf(items), Kind.FILE, folder == null ? Path.of("") : folder);
    }

    private static void put(Map<String, Given> into, Given given, String key) {
        if (!KEY.matcher(key).matches()) {
            throw Fault.invalid(Text.quoted(given.spelling()) + " is not the name of a setting");
        }
        Given twice = into.putIfAbsent(normal(key), given);
        if (twice != null) {
            throw Fault.invalid("the setting " + Text.quoted(given.spelling()) + " is given twice");
        }
    }
}
