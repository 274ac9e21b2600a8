// SPDX-License-Identifier: Apache-2.0
package dev.gantry.content;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/// JSON (RFC 8259), strictly: no comments, no trailing commas, no duplicate members, nothing after the value, and
/// never
/// more than the [Limits] allow. Written in canonical form, or indented for people.
public final class Json {
    private static final int NUMBER_DIGITS = 400;
    private static final int EXPONENT = 400;

    private Json() {}

    /// Reads a document of the standard.
    public static Tree read(Blob source) {
        return read(source, Limits.DOCUMENT);
    }

    /// Reads a document; `INVALID` with line and column when it cannot be parsed or exceeds a limit.
    public static Tree read(Blob source, Limits limits) {
        if (source.size() > limits.bytes()) {
            throw Fault.invalid("the document has " + source.size() + " bytes, the limit is " + limits.bytes());
        }
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(limits.depth())
                        .maxNumberLength(NUMBER_DIGITS)
                        .maxStringLength(limits.bytes())
                        .maxTokenCount(2L * limits.nodes() + 2)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), source.text())) {
            if (parser.nextToken() == null) {
                throw Fault.invalid("the document is empty");
            }
            Tree tree = value(parser);
            if (parser.nextToken() != null) {
                throw Fault.invalid("something follows the JSON value" + at(parser.currentTokenLocation()));
            }
            return tree;
        } catch (StreamReadException e) {
            throw new Fault(Fault.Kind.INVALID, "not JSON: " + e.getOriginalMessage() + at(e.getLocation()), e);
        } catch (tools.jackson.core.JacksonException e) {
            throw new Fault(Fault.Kind.INVALID, "not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static String at(TokenStreamLocation location) {
        return " at line " + location.getLineNr() + " column " + location.getColumnNr();
    }

    private static Tree value(JsonParser parser) {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> new Tree.Str(parser.getString());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Tree.Num(number(parser));
            case VALUE_TRUE -> new Tree.Bool(true);
            case VALUE_FALSE -> new Tree.Bool(false);
            case VALUE_NULL -> new Tree.Null();
            case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                throw new IllegalStateException("the parser is out of step: " + token);
        };
    }

    private static BigDecimal number(JsonParser parser) {
        BigDecimal number = parser.getDecimalValue();
        if (Math.abs((long) number.scale()) > EXPONENT) {
            throw Fault.invalid("a number is out of range" + at(parser.currentTokenLocation()));
        }
        return number;
    }

    private static Tree object(JsonParser parser) {
        var members = new LinkedHashMap<String, Tree>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            members.put(name, value(parser));
        }
        return new Tree.Obj(members);
    }

    private static Tree array(JsonParser parser) {
        var items = new ArrayList<Tree>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(parser));
        }
        return new Tree.Arr(items);
    }

    /// The canonical form of RFC 8785 (members sorted by UTF-16 units, no white space), except that integers keep
    /// all
    /// their digits instead of passing through a double (MI-038, reading A-4).
    public static Blob canonical(Tree tree) {
        var out = new StringBuilder();
        write(tree, out, -1, true);
        return Blob.utf8(out.toString());
    }

    /// Indented by two blanks, members in their own order, with a final newline: for people.
    public static String pretty(Tree tree) {
        var out = new StringBuilder();
        write(tree, out, 0, false);
        return out.append('\n').toString();
    }

    private static void write(Tree tree, StringBuilder out, int indent, boolean sorted) {
        switch (tree) {
            case Tree.Obj(var members) -> {
                Map<String, Tree> ordered = sorted ? new TreeMap<>(members) : members;
                var entries = new ArrayList<Runnable>();
                ordered.forEach((name, value) -> entries.add(() -> {
                    string(name, out);
                    out.append(indent < 0 ? ":" : ": ");
                    write(value, out, deeper(indent), sorted);
                }));
                list(entries, '{', '}', out, indent);
            }
            case Tree.Arr(var items) -> {
                var entries = new ArrayList<Runnable>();
                items.forEach(item -> entries.add(() -> write(item, out, deeper(indent), sorted)));
                list(entries, '[', ']', out, indent);
            }
            case Tree.Str(var value) -> string(value, out);
            case Tree.Num(var value) -> out.append(decimal(value));
            case Tree.Bool(var value) -> out.append(value);
            case Tree.Null _ -> out.append("null");
        }
    }

    private static int deeper(int indent) {
        return indent < 0 ? indent : indent + 1;
    }

    private static void list(List<Runnable> entries, char open, char close, StringBuilder out, int indent) {
        out.append(open);
        for (int i = 0; i < entries.size(); i++) {
            out.append(i > 0 ? "," : "");
            newline(out, deeper(indent));
            entries.get(i).run();
        }
        if (!entries.isEmpty()) {
            newline(out, indent);
        }
        out.append(close);
    }

    private static void newline(StringBuilder out, int indent) {
        if (indent >= 0) {
            out.append('\n').append("  ".repeat(indent));
        }
    }

    /// The shortest decimal form of a number: no exponent for everyday sizes, no trailing zeros, as in
    /// RFC 8785.
    public static String decimal(BigDecimal value) {
        BigDecimal plain = value.stripTrailingZeros();
        int exponent = plain.precision() - plain.scale() - 1;
        if (plain.scale() <= 0 && exponent < 40 || exponent >= -7 && exponent < 21) {
            return plain.signum() == 0 ? "0" : plain.toPlainString();
        }
        return plain.toString().replace("E+", "e+").replace("E-", "e-");
    }

    private static void string(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
