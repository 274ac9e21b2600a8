// SPDX-License-Identifier: Apache-2.0
package dev.gantry.content;

import dev.gantry.content.SettingSources.Given;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The settings of one process, read once at its start into one record of its own. They come from flags
/// (`--state-dir x`, `--state-dir=x`, `--flag`), from environment variables (`GANTRY_MIS_STATE_DIR`), from the
/// file that `--config` names (YAML, nested or dotted; or `.properties`), in this order of precedence.
///
/// One key has one meaning in every spelling: `state.dir`, `state-dir` and `STATE_DIR` are the same. Relative
/// paths in a file are relative to that file. A secret never comes from a flag, because every user of a machine
/// sees command lines: it stands in the environment, in the file, or in a file of its own that `<key>-file`
/// names.
///
/// Every reader throws `INVALID` with the key, what is wrong and how it can be given; [#rejectUnused()], called
/// last, stops the start on a misspelt key.
///
/// ```java
/// static AgentConfig from(Settings settings) {
///     var config = new AgentConfig(settings.uri("wfm.url"), settings.path("state.dir", Path.of("state")));
///     settings.rejectUnused();
///     return config;
/// }
/// ```
public final class Settings {
    private static final String CONFIG = "config";
    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");
    private static final int NEAR = 3;

    private final String prefix;
    private final Map<String, Given> given;
    private final SequencedMap<String, Known> known = new LinkedHashMap<>();

    /// A setting that a process has asked for, for its reference page.
    ///
    /// @param key in the spelling of the code
    /// @param type what the value must be
    /// @param fallback the default as a text; empty where the setting is required
    public record Known(String key, String type, Optional<String> fallback) {}

    private Settings(String prefix, Map<String, Given> given) {
        this.prefix = prefix;
        this.given = given;
    }

    /// Reads flags, environment and configuration file.
    ///
    /// @param prefix of the environment variables, such as `GANTRY_MIS_`
    public static Settings read(String prefix, List<String> arguments, Map<String, String> environment) {
        Map<String, Given> flags = SettingSources.flags(arguments);
        var all = new LinkedHashMap<>(SettingSources.environment(prefix, environment));
        all.putAll(flags);
        Given config = all.remove(CONFIG);
        if (config != null) {
            SettingSources.file(Path.of(config.items().getFirst())).forEach(all::putIfAbsent);
        }
        return new Settings(prefix, all);
    }

    /// Settings from code, for tests and for processes that start others in the same machine.
    public static Settings of(Map<String, String> values) {
        return new Settings("", SettingSources.code(values));
    }

    public String text(String key) {
        return need(key, "a text", Function.identity());
    }

    public String text(String key, String fallback) {
        return read(key, "a text", fallback, Function.identity());
    }

    /// A text that may be left out.
    public Optional<String> optionalText(String key) {
        return find(key, "a text", Function.identity());
    }

    /// A text that a value type can be made of; what its constructor refuses becomes the message.
    public <T> T value(String key, String type, Function<String, T> maker) {
        return need(key, type, maker);
    }

    /// A list: a YAML array, or one text with commas.
    public List<String> texts(String key, List<String> fallback) {
        Given at = lookUp(new Known(key, "a list of texts", Optional.of(String.join(",", fallback))));
        if (at == null) {
            return List.copyOf(fallback);
        }
        return at.items().stream()
                .flatMap(item -> at.items().size() > 1 ? List.of(item).stream() : List.of(item.split(",")).stream())
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    public URI uri(String key) {
        return need(key, "an absolute URL", Settings::absolute);
    }

    public URI uri(String key, URI fallback) {
        return read(key, "an absolute URL", fallback, Settings::absolute);
    }

    public Optional<URI> optionalUri(String key) {
        return find(key, "an absolute URL", Settings::absolute);
    }

    public Path path(String key) {
        return need(key, "a path", folder(key));
    }

    public Path path(String key, Path fallback) {
        return read(key, "a path", fallback, folder(key));
    }

    public Optional<Path> optionalPath(String key) {
        return find(key, "a path", folder(key));
    }

    /// A duration: `500ms`, `90s`, `5m`, `1h`, `30d`, or ISO 8601 such as `PT90S`; never negative.
    public Duration duration(String key, Duration fallback) {
        return read(key, "a duration", fallback, Settings::span);
    }

    /// A whole number within bounds, both included.
    public int integer(String key, int fallback, int least, int most) {
        return read(key, "a whole number from " + least + " to " + most, fallback, text -> {
            int number = Integer.parseInt(text);
            if (number < least || number > most) {
                throw new NumberFormatException();
            }
            return number;
        });
    }

    public boolean bool(String key, boolean fallback) {
        return read(key, "true or false", fallback, text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw Fault.invalid("neither");
        });
    }

    /// An address to listen on: `127.0.0.1:8443`, `[::1]:8443`, `:8443` for every address, port 0 for any free
    /// port.
    public InetSocketAddress address(String key, String fallback) {
        return read(key, "host:port", socket(fallback), Settings::socket);
    }

    /// A secret from the environment, the configuration file, or the file that `<key>-file` names.
    public Secret secret(String key) {
        return optionalSecret(key).orElseThrow(() -> missing(key));
    }

    public Optional<Secret> optionalSecret(String key) {
        Optional<Path> file = optionalPath(key + "-file");
        Given direct = lookUp(new Known(key, "a secret", Optional.of("")));
        if (direct != null && direct.kind() == SettingSources.Kind.FLAG) {
            throw Fault.invalid(
                    "the secret " + key + " must not stand on a command line; put it into a file that only you"
                            + " can read and name it with --" + SettingSources.normal(key) + "-file");
        }
        if (direct != null) {
            if (file.isPresent()) {
                throw Fault.invalid("both " + key + " and " + key + "-file are given; leave one out");
            }
            return Optional.of(new Secret(one(key, direct)));
        }
        return file.map(path -> new Secret(SettingSources.content(path).text().strip()));
    }

    /// Every setting below a key, `device.labels` for example, by what follows it: as flags and files spell it, in
    /// lower case with dashes where it comes from the environment.
    public SequencedMap<String, String> below(String key) {
        String start = SettingSources.normal(key) + "-";
        lookUp(new Known(key + ".*", "texts", Optional.of("")));
        var found = new LinkedHashMap<String, String>();
        given.forEach((name, at) -> {
            if (name.startsWith(start) && name.length() > start.length()) {
                known.put(name, new Known(at.key(), "a text", Optional.of("")));
                found.put(at.key().substring(start.length()), one(at.key(), at));
            }
        });
        return found;
    }

    /// Everything that was asked for so far, in that order.
    public List<Known> known() {
        return List.copyOf(known.values());
    }

    /// Stops the start on a setting that nothing has asked for; call it after everything was read.
    public void rejectUnused() {
        var unused = given.entrySet().stream()
                .filter(entry -> !known.containsKey(entry.getKey()))
                .map(entry -> Text.quoted(entry.getValue().spelling()) + nearest(entry.getKey()))
                .toList();
        if (!unused.isEmpty()) {
            throw Fault.invalid("unknown setting" + (unused.size() == 1 ? " " : "s ") + String.join(", ", unused));
        }
    }

    private String nearest(String unknown) {
        return known.keySet().stream()
                .filter(key -> distance(unknown, key) <= NEAR)
                .min(Comparator.comparingInt(key -> distance(unknown, key)))
                .map(key -> " (did you mean " + key + "?)")
                .orElse("");
    }

    private static int distance(String a, String b) {
        int[] before = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            before[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] now = new int[b.length() + 1];
            now[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = before[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                now[j] = Math.min(change, 1 + Math.min(before[j], now[j - 1]));
            }
            before = now;
        }
        return before[b.length()];
    }

    private <T> T need(String key, String type, Function<String, T> parser) {
        Given at = lookUp(new Known(key, type, Optional.empty()));
        if (at == null) {
            throw missing(key);
        }
        return parsed(key, type, at, parser);
    }

    private <T> T read(String key, String type, T fallback, Function<String, T> parser) {
        Given at = lookUp(new Known(key, type, Optional.of(String.valueOf(fallback))));
        return at == null ? fallback : parsed(key, type, at, parser);
    }

    private <T> Optional<T> find(String key, String type, Function<String, T> parser) {
        Given at = lookUp(new Known(key, type, Optional.of("")));
        return at == null ? Optional.empty() : Optional.of(parsed(key, type, at, parser));
    }

    private @org.jspecify.annotations.Nullable Given lookUp(Known asked) {
        String key = SettingSources.normal(asked.key());
        known.put(key, asked);
        return given.get(key);
    }

    private static <T> T parsed(String key, String type, Given at, Function<String, T> parser) {
        String text = one(key, at);
        try {
            return parser.apply(text);
        } catch (Fault | IllegalArgumentException | DateTimeParseException e) {
            String why = e instanceof Fault fault ? "; " + fault.getMessage() : "";
            throw new Fault(
                    Fault.Kind.INVALID,
                    "the setting " + at.spelling() + " is not " + type + ": " + Text.quoted(text) + why,
                    e);
        }
    }

    private static String one(String key, Given at) {
        if (at.items().size() != 1) {
            throw Fault.invalid("the setting " + at.spelling() + " is a list; " + key + " takes one value");
        }
        String text = at.items().getFirst().strip();
        if (text.isEmpty()) {
            throw Fault.invalid("the setting " + at.spelling() + " is empty");
        }
        return text;
    }

    private Fault missing(String key) {
        var unused = given.entrySet().stream()
                .filter(entry -> !known.containsKey(entry.getKey()))
                .map(entry -> entry.getValue().spelling())
                .toList();
        String flag = SettingSources.normal(key);
        String variable = prefix + flag.toUpperCase(Locale.ROOT).replace('-', '_');
        return Fault.invalid("the setting " + key + " is required; give it as --" + flag + ", as " + variable
                + " in the environment, or in the file that --config names"
                + (unused.isEmpty() ? "" : "; not used so far: " + String.join(", ", unused)));
    }

    private Function<String, Path> folder(String key) {
        Given at = given.get(SettingSources.normal(key));
        return text -> at == null ? Path.of(text) : at.folder().resolve(text);
    }

    private static URI absolute(String text) {
        try {
            var uri = new URI(text);
            if (!uri.isAbsolute() || uri.getHost() == null) {
                throw Fault.invalid("it needs a scheme and a host");
            }
            return uri;
        } catch (URISyntaxException e) {
            throw new Fault(Fault.Kind.INVALID, e.getReason(), e);
        }
    }

    private static Duration span(String text) {
        Matcher amount = AMOUNT.matcher(text);
        if (!amount.matches()) {
            Duration iso = Duration.parse(text);
            if (iso.isNegative()) {
                throw Fault.invalid("it is negative");
            }
            return iso;
        }
        long count = Long.parseLong(amount.group(1));
        return switch (amount.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    private static InetSocketAddress socket(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw Fault.invalid("it has no port");
        }
        String host = text.substring(0, colon);
        int port = Integer.parseInt(text.substring(colon + 1));
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.contains(":")) {
            throw Fault.invalid("an IPv6 address stands in brackets");
        }
        return host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
    }
}
