// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.compose;

import dev.gantry.content.Fault;
import dev.gantry.content.Text;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/// What the device's owner decides, read from `runtime.compose.*`. A misspelt key is `INVALID` and names itself.
///
/// @param command to use instead of looking for one, words separated by blanks (`command`)
/// @param host the engine's address, as `DOCKER_HOST` says it (`host`)
/// @param upWithin how long an application may take to be pulled and to be up (`up.within-seconds`)
record ComposeSettings(Optional<List<String>> command, Optional<String> host, Duration upWithin) {
    private static final int DEFAULT_UP = 300;
    private static final int MAX_UP = 3600;

    static ComposeSettings of(Map<String, String> settings) {
        var unused = new TreeSet<>(settings.keySet());
        Function<String, Optional<String>> text = name -> {
            unused.remove(name);
            return Optional.ofNullable(settings.get(name)).filter(value -> !value.isBlank());
        };
        Optional<List<String>> command =
                text.apply("command").map(words -> List.of(words.strip().split(" +")));
        Optional<String> host = text.apply("host");
        int seconds =
                text.apply("up.within-seconds").map(ComposeSettings::seconds).orElse(DEFAULT_UP);
        if (!unused.isEmpty()) {
            throw Fault.invalid("runtime.compose." + unused.first() + " is not a setting of this runtime");
        }
        return new ComposeSettings(command, host, Duration.ofSeconds(seconds));
    }

    private static int seconds(String text) {
        if (!text.matches("[0-9]{1,4}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MAX_UP) {
            throw Fault.invalid("runtime.compose.up.within-seconds is " + Text.quoted(text)
                    + " but must be a number from 1 to " + MAX_UP);
        }
        return Integer.parseInt(text);
    }
}
