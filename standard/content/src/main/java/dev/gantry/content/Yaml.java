// SPDX-License-Identifier: Apache-2.0
package dev.gantry.content;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// YAML 1.2, one document, strictly: no duplicate keys, no tags of its own, no value that JSON cannot hold, aliases
/// only as far as the [Limits] allow.
public final class Yaml {
    /// A document together with where each of its members stands, for messages that name the line.
    ///
    /// @param lines from the path of a member, written as in [Finding#field()], to its line, counted from 1
    public record Located(Tree tree, Map<String, Integer> lines) {
        /// The line of a member, or of the nearest enclosing one that is there.
        public int line(String field) {
            String path = field;
            while (!lines.containsKey(path) && !path.isEmpty()) {
                int cut = Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
                path = path.substring(0, Math.max(cut, 0));
            }
            return Optional.ofNullable(lines.get(path)).orElse(1);
        }
    }

    private final Limits limits;
    private final Map<String, Integer> lines = new LinkedHashMap<>();
    private int nodes;

    private Yaml(Limits limits) {
        this.limits = limits;
    }

    /// Reads a document of the standard.
    public static Tree read(Blob source) {
        return locate(source, Limits.DOCUMENT).tree();
    }

    /// Reads a document with the lines of its members; `INVALID` with line and column when it cannot be read.
    public static Located locate(Blob source, Limits limits) {
        if (source.size() > limits.bytes()) {
            throw Fault.invalid("the document has " + source.size() + " bytes, the limit is " + limits.bytes());
        }
        var settings = LoadSettings.builder()
                .setSchema(new CoreSchema())
                .setCodePointLimit(limits.bytes())
                .setAllowDuplicateKeys(false)
                .build();
        try {
            Node root = new Compose(settings)
                    .composeString(source.text())
                    .orElseThrow(() -> Fault.invalid("the document is empty"));
            var reader = new Yaml(limits);
            Tree tree = reader.tree(root, "", 0);
            return new Located(tree, Map.copyOf(reader.lines));
        } catch (MarkedYamlEngineException e) {
            String at = e.getProblemMark()
                    .map(mark -> " at line " + (mark.getLine() + 1) + " column " + (mark.getColumn() + 1))
                    .orElse("");
            throw new Fault(Fault.Kind.INVALID, "not YAML: " + e.getProblem() + at, e);
        } catch (YamlEngineException e) {
            throw new Fault(Fault.Kind.INVALID, "not YAML: " + e.getMessage(), e);
        } catch (StackOverflowError e) {
            throw new Fault(Fault.Kind.INVALID, "the document is nested too deeply", e);
        }
    }

    private Tree tree(Node node, String path, int depth) {
        if (depth > limits.depth()) {
            throw Fault.invalid("nested deeper than " + limits.depth() + at(node));
        }
        if (++nodes > limits.nodes()) {
            throw Fault.invalid("more than " + limits.nodes() + " values, aliases counted in full");
        }
        lines.putIfAbsent(path, line(node));
        return switch (node) {
            case MappingNode mapping -> object(mapping, path, depth);
            case SequenceNode sequence -> {
                standard(sequence, Tag.SEQ);
                var items = new ArrayList<Tree>();
                for (Node item : sequence.getValue()) {
                    items.add(tree(item, path + "[" + items.size() + "]", depth + 1));
                }
                yield new Tree.Arr(items);
            }
            case ScalarNode scalar -> scalar(scalar);
            default -> throw Fault.invalid("an alias that contains itself" + at(node));
        };
    }

    private Tree object(MappingNode mapping, String path, int depth) {
        standard(mapping, Tag.MAP);
        var members = new LinkedHashMap<String, Tree>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw Fault.invalid("a key that is not a text" + at(tuple.getKeyNode()));
            }
            String name = key.getValue();
            String member = path.isEmpty() ? name : path + "." + name;
            lines.putIfAbsent(member, line(key));
            if (members.put(name, tree(tuple.getValueNode(), member, depth + 1)) != null) {
                throw Fault.invalid("the key " + Text.quoted(name) + " stands twice" + at(key));
            }
        }
        return new Tree.Obj(members);
    }

    private static Tree scalar(ScalarNode node) {
        String text = node.getValue();
        Tag tag = node.getTag();
        try {
            // A plain `${NAME}` is text here: what it stands for is not ours to look up.
            if (tag.equals(Tag.STR) || tag.equals(Tag.ENV_TAG) && text.startsWith("${")) {
                return new Tree.Str(text);
            } else if (tag.equals(Tag.BOOL)) {
                return new Tree.Bool(Boolean.parseBoolean(text));
            } else if (tag.equals(Tag.NULL)) {
                return new Tree.Null();
            } else if (tag.equals(Tag.INT)) {
                return new Tree.Num(integer(text));
            } else if (tag.equals(Tag.FLOAT)) {
                return new Tree.Num(new BigDecimal(text));
            }
        } catch (NumberFormatException e) {
            throw new Fault(Fault.Kind.INVALID, "not a number that JSON can hold" + at(node), e);
        }
        throw Fault.invalid("the tag " + Text.quoted(tag.getValue()) + " is not allowed" + at(node));
    }

    private static BigDecimal integer(String text) {
        if (text.startsWith("0x")) {
            return new BigDecimal(new BigInteger(text.substring(2), 16));
        }
        return text.startsWith("0o") ? new BigDecimal(new BigInteger(text.substring(2), 8)) : new BigDecimal(text);
    }

    private static void standard(Node node, Tag expected) {
        if (!node.getTag().equals(expected)) {
            throw Fault.invalid("the tag " + Text.quoted(node.getTag().getValue()) + " is not allowed" + at(node));
        }
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }

    private static String at(Node node) {
        return node.getStartMark()
                .map(mark -> " at line " + (mark.getLine() + 1) + " column " + (mark.getColumn() + 1))
                .orElse("");
    }

    /// A tree as block-style YAML with LF line ends and a final newline. Equal trees give equal bytes.
    public static Blob write(Tree tree) {
        var settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setIndent(2)
                .setIndicatorIndent(2)
                .setIndentWithIndicator(true)
                .setSplitLines(false)
                .setSchema(new CoreSchema())
                .build();
        return Blob.utf8(new Dump(settings).dumpToString(plain(tree)));
    }

    private static Object plain(Tree tree) {
        return switch (tree) {
            case Tree.Obj(var members) -> {
                var map = new LinkedHashMap<String, Object>();
                members.forEach((name, value) -> map.put(name, value instanceof Tree.Null ? NULL : plain(value)));
                yield map;
            }
            case Tree.Arr(var items) -> {
                List<Object> list = new ArrayList<>();
                items.forEach(item -> list.add(plain(item)));
                yield list;
            }
            case Tree.Str(var value) -> value;
            case Tree.Bool(var value) -> value;
            case Tree.Num(var value) -> number(value);
            case Tree.Null _ -> NULL;
        };
    }

    private static final Object NULL = Optional.empty();

    private static Object number(BigDecimal value) {
        BigDecimal plain = value.stripTrailingZeros();
        return plain.scale() <= 0 ? plain.toBigInteger() : new BigDecimal(plain.toPlainString());
    }
}
