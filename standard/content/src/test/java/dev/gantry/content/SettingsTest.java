// SPDX-License-Identifier: Apache-2.0
package dev.gantry.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    private static final String PREFIX = "GANTRY_TEST_";

    @TempDir
    Path folder;

    private static Settings flags(String... arguments) {
        return Settings.read(PREFIX, List.of(arguments), Map.of());
    }

    private Settings file(String name, String content) throws IOException {
        Path file = Files.writeString(folder.resolve(name), content);
        return flags("--config", file.toString());
    }

    private static String message(Runnable action) {
        Fault fault = assertThrows(Fault.class, action::run);
        assertEquals(Fault.Kind.INVALID, fault.kind());
        return fault.getMessage();
    }

    @Test
    void flagsWinOverTheEnvironmentAndThatOverTheFile() throws IOException {
        Path file = Files.writeString(folder.resolve("c.yaml"), "a: file\nb: file\nc: file\n");
        Settings settings = Settings.read(
                PREFIX,
                List.of("--config", file.toString(), "--a", "flag"),
                Map.of("GANTRY_TEST_A", "environment", "GANTRY_TEST_B", "environment", "PATH", "elsewhere"));

        assertEquals(
                List.of("flag", "environment", "file"),
                List.of(settings.text("a"), settings.text("b"), settings.text("c")));
        settings.rejectUnused();
    }

    @Test
    void everySpellingNamesTheSameKey() throws IOException {
        assertEquals("x", flags("--state.dir", "x").text("state-dir"));
        assertEquals("x", flags("--state-dir=x").text("state.dir"));
        assertEquals(
                "x",
                Settings.read(PREFIX, List.of(), Map.of("GANTRY_TEST_STATE_DIR", "x"))
                        .text("state.dir"));
        assertEquals("x", file("nested.yaml", "state:\n  dir: x\n").text("state.dir"));
        assertEquals("x", file("flat.properties", "state.dir = x\n").text("state.dir"));
    }

    @Test
    void aMisspeltKeyStopsTheStartAndNamesItsNeighbour() {
        Settings settings = flags("--poll-evry", "5s");
        settings.duration("poll.every", Duration.ofMinutes(1));

        String message = message(settings::rejectUnused);
        assertTrue(message.contains("--poll-evry") && message.contains("did you mean poll-every"), message);
    }

    @Test
    void aMissingSettingSaysHowToGiveIt() {
        String message = message(() -> flags("--wfm-ulr", "https://x").uri("wfm.url"));
        assertTrue(message.contains("--wfm-url") && message.contains("GANTRY_TEST_WFM_URL"), message);
        assertTrue(message.contains("--wfm-ulr"), message);
    }

    @Test
    void aKeyThatStandsTwiceInOneSourceIsRefused() {
        assertTrue(message(() -> flags("--a-b", "1", "--a.b", "2")).contains("twice"));
    }

    @Test
    void valuesKeepTheirTypes() {
        Settings settings = flags(
                "--uri",
                "https://h:1/p",
                "--span",
                "90s",
                "--iso",
                "PT2M",
                "--count",
                "7",
                "--on",
                "--off=false",
                "--list",
                "a, b",
                "--at",
                "[::1]:8443",
                "--any",
                ":0");

        assertEquals(URI.create("https://h:1/p"), settings.uri("uri"));
        assertEquals(Duration.ofSeconds(90), settings.duration("span", Duration.ZERO));
        assertEquals(Duration.ofMinutes(2), settings.duration("iso", Duration.ZERO));
        assertEquals(7, settings.integer("count", 1, 1, 10));
        assertTrue(settings.bool("on", false));
        assertFalse(settings.bool("off", true));
        assertEquals(List.of("a", "b"), settings.texts("list", List.of()));
        assertEquals(8443, settings.address("at", ":1").getPort());
        assertTrue(settings.address("any", ":1").getAddress().isAnyLocalAddress());
        settings.rejectUnused();
    }

    @Test
    void defaultsHoldWhereNothingIsGiven() {
        Settings settings = flags();
        assertEquals(Duration.ofMinutes(1), settings.duration("poll.every", Duration.ofMinutes(1)));
        assertEquals(Path.of("state"), settings.path("state.dir", Path.of("state")));
        assertTrue(settings.optionalText("name").isEmpty());
        assertEquals(
                List.of("poll.every", "state.dir", "name"),
                settings.known().stream().map(Settings.Known::key).toList());
    }

    @Test
    void wrongValuesNameTheKeyAndTheType() {
        assertTrue(message(() -> flags("--n", "11").integer("n", 1, 1, 10)).contains("1 to 10"));
        assertTrue(message(() -> flags("--n", "x").integer("n", 1, 1, 10)).contains("--n"));
        assertTrue(message(() -> flags("--d", "5 minutes").duration("d", Duration.ZERO))
                .contains("duration"));
        assertTrue(message(() -> flags("--d", "-PT5M").duration("d", Duration.ZERO))
                .contains("negative"));
        assertTrue(message(() -> flags("--b", "yes").bool("b", false)).contains("true or false"));
        assertTrue(message(() -> flags("--u", "no-scheme").uri("u")).contains("scheme"));
        assertTrue(message(() -> flags("--u=").uri("u")).contains("empty"));
        assertTrue(message(() -> flags("--a", "host").address("a", ":1")).contains("port"));
        assertTrue(message(() -> flags("--a", "h:70000").address("a", ":1")).contains("host:port"));
        assertTrue(message(() -> flags("stray")).contains("stray"));
        assertTrue(message(() -> flags("--")).contains("name of a setting"));
    }

    @Test
    void aPathInAFileIsRelativeToTheFile() throws IOException {
        assertEquals(
                folder.toAbsolutePath().resolve("state"),
                file("c.yaml", "state.dir: state\n").path("state.dir"));
        assertEquals(Path.of("state"), flags("--state-dir", "state").path("state.dir"));
    }

    @Test
    void aYamlArrayIsAList() throws IOException {
        Settings settings = file("c.yaml", "names: [a, 'b,c']\n");
        assertEquals(List.of("a", "b,c"), settings.texts("names", List.of()));
        assertTrue(message(() -> settings.text("names")).contains("list"));
    }

    @Test
    void aSecretComesFromAFileOrTheEnvironmentNeverFromAFlag() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "geheim\n");
        Settings settings = flags("--key-password-file", file.toString());
        Secret secret = settings.secret("key.password");
        settings.rejectUnused();

        assertEquals("geheim", secret.reveal());
        assertEquals("[hidden]", secret.toString());
        assertTrue(secret.matches("geheim"));
        assertFalse(secret.matches("geheim2"));
        assertEquals(
                "x",
                Settings.read(PREFIX, List.of(), Map.of("GANTRY_TEST_KEY_PASSWORD", "x"))
                        .secret("key.password")
                        .reveal());
        String refused = message(() -> flags("--key-password", "geheim").secret("key.password"));
        assertTrue(refused.contains("command line"), refused);
        assertFalse(refused.contains("geheim"), refused);
    }

    @Test
    void brokenFilesNameThemselves() throws IOException {
        assertTrue(message(() -> {
                    try {
                        file("broken.yaml", "a: [1\n");
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                })
                .contains("broken.yaml"));
        assertTrue(file("empty.yaml", "").known().isEmpty());
        Fault absent = assertThrows(
                Fault.class, () -> flags("--config", folder.resolve("absent").toString()));
        assertEquals(Fault.Kind.UNAVAILABLE, absent.kind());
        assertTrue(absent.getMessage().contains("absent"));
    }

    @Test
    void settingsBelowAKeyKeepTheirSpelling() {
        Settings settings = Settings.read(
                PREFIX,
                List.of("--labels.Line-1", "a", "--labelled", "x"),
                Map.of("GANTRY_TEST_LABELS_SITE", "cheese"));

        assertEquals(Map.of("Line-1", "a", "site", "cheese"), settings.below("labels"));
        assertTrue(message(settings::rejectUnused).contains("--labelled"));
    }
}
