// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec.application;

import dev.gantry.content.Fields;
import dev.gantry.content.Tree;
import dev.gantry.spec.Requirement;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// How parameters are shown to people, and which values they may have.
@Requirement("AD-061")
public record Configuration(List<Section> sections, List<Schema> schemas) {
    public static final Configuration NONE = new Configuration(List.of(), List.of());

    /// A group of settings.
    public record Section(String name, List<Setting> settings) {
        public Section {
            settings = List.copyOf(settings);
        }
    }

    /// One parameter as people see it.
    ///
    /// @param immutable whether the value is frozen once it was used to install (AD-059)
    /// @param schema name of the schema that values must fit
    public record Setting(
            String parameter, String name, Optional<String> description, boolean immutable, String schema) {}

    public Configuration {
        sections = List.copyOf(sections);
        schemas = List.copyOf(schemas);
    }

    /// The schema of this name.
    public Optional<Schema> schema(String name) {
        return schemas.stream().filter(schema -> schema.name().equals(name)).findFirst();
    }

    /// Every setting of a parameter, in the order of the sections; usually one.
    public List<Setting> settings(String parameter) {
        return sections.stream()
                .flatMap(section -> section.settings().stream())
                .filter(setting -> setting.parameter().equals(parameter))
                .toList();
    }

    static Supplier<Configuration> read(Fields fields) {
        List<Supplier<Section>> sections = fields.needObjects("sections", "AD-061").stream()
                .map(Configuration::section)
                .toList();
        List<Fields> entries = fields.needObjects("schema", "AD-061");
        var names = new HashSet<Tree>();
        for (Fields entry : entries) {
            entry.tree()
                    .get("name")
                    .filter(name -> !names.add(name))
                    .ifPresent(_ -> entry.wrong("name", "AD-061", "is the name of another schema"));
        }
        List<Supplier<Schema>> schemas = entries.stream().map(Schema::read).toList();
        fields.closed("AD-061", List.of());
        return () -> new Configuration(
                sections.stream().map(Supplier::get).toList(),
                schemas.stream().map(Supplier::get).toList());
    }

    private static Supplier<Section> section(Fields fields) {
        Optional<String> name = fields.needText("name", "AD-061");
        List<Supplier<Setting>> settings = fields.needObjects("settings", "AD-061").stream()
                .map(Configuration::setting)
                .toList();
        fields.closed("AD-061", List.of());
        return () -> new Section(
                name.orElseThrow(), settings.stream().map(Supplier::get).toList());
    }

    private static Supplier<Setting> setting(Fields fields) {
        Optional<String> parameter = fields.needText("parameter", "AD-061");
        Optional<String> name = fields.needText("name", "AD-061");
        Optional<String> description = fields.text("description", "AD-061");
        Optional<Boolean> immutable = fields.bool("immutable", "AD-059");
        Optional<String> schema = fields.needText("schema", "AD-061");
        fields.closed("AD-061", List.of());
        return () -> new Setting(
                parameter.orElseThrow(),
                name.orElseThrow(),
                description,
                immutable.orElse(false),
                schema.orElseThrow());
    }
}
