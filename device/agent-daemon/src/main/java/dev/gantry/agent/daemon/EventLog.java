// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.daemon;

import dev.gantry.agent.Event;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// Writes what happens in the agent to the log; what may be tampering as a warning (MI-071).
final class EventLog implements Consumer<Event> {
    private static final Logger LOG = LoggerFactory.getLogger("dev.gantry.agent.events");
    private static final int SHOWN = 1_000;

    @Override
    public void accept(Event event) {
        LoggingEventBuilder line = event.security() ? LOG.atWarn().addKeyValue("security", true) : LOG.atInfo();
        for (var about : event.about().entrySet()) {
            line = line.addKeyValue(about.getKey(), shown(about.getValue()));
        }
        line.log(shown(event.sentence()));
    }

    /// One line of bounded length, whatever came over the wire.
    private static String shown(String text) {
        String line = text.replaceAll("\\p{Cntrl}", " ");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
    }
}
