// SPDX-License-Identifier: Apache-2.0
package dev.gantry.mis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Fault;
import dev.gantry.content.Settings;
import dev.gantry.http.HttpTransport;
import dev.gantry.http.ServerCheck;
import dev.gantry.http.TransportConfig;
import dev.gantry.identity.CertificateAuthority;
import dev.gantry.identity.Credential;
import dev.gantry.identity.CredentialFolder;
import dev.gantry.identity.Discovery;
import dev.gantry.identity.KeyAlgorithm;
import dev.gantry.identity.MargoIdentity;
import dev.gantry.identity.TrustDomain;
import dev.gantry.identity.enrolment.CredentialRequest;
import dev.gantry.identity.enrolment.EnrolmentToken;
import dev.gantry.identity.enrolment.IssuedCredential;
import dev.gantry.spec.Requirement;
import dev.gantry.wire.Request;
import dev.gantry.wire.Response;
import dev.gantry.wire.Unreachable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The service over real sockets and real TLS, started in this process and as a process of its own.
class MisTest {
    private static final SecureRandom CHANCE = new SecureRandom();
    private static final InstantSource CLOCK = InstantSource.system();
    private static final TrustDomain FACTORY = MisFixture.FACTORY;
    private static final int PATIENCE = 60;

    @TempDir
    Path folder;

    private Path state() {
        return folder.resolve("mis");
    }

    private MisConfig config(String... more) {
        var settings = new HashMap<>(Map.of(
                "trust-domain",
                FACTORY.name(),
                "state.dir",
                state().toString(),
                "listen",
                "127.0.0.1:0",
                "renewal.listen",
                "127.0.0.1:0"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return MisConfig.from(Settings.of(settings));
    }

    private Mis started(String... more) {
        return Mis.start(config(more), MisLimits.DEFAULT, CLOCK, CHANCE);
    }

    private static TransportConfig to(URI uri, String pin) {
        return TransportConfig.to(uri.resolve("/"), new ServerCheck.Pins(Set.of(pin)));
    }

    private static Response sent(TransportConfig to, Request request) throws Unreachable {
        try (var transport = new HttpTransport(to)) {
            Response response = transport.send(request);
            return new Response(
                    response.status(),
                    response.headers(),
                    dev.gantry.wire.Body.of(response.body().whole(1 << 20)));
        }
    }

    private EnrolmentToken token(URI url, String pin, String wish) throws IOException, Unreachable {
        return token(url, pin, Files.readString(state().resolve("admin-key")), wish);
    }

    static EnrolmentToken token(URI url, String pin, String key, String wish) throws Unreachable {
        return MisFixture.token(sent(to(url, pin), MisFixture.post("/x-gantry/v1/enrolment-tokens", key, wish)));
    }

    private static Response enrol(EnrolmentToken token, KeyPair pair) throws Unreachable {
        return sent(
                to(token.url(), token.pin().value()),
                MisFixture.post("/x-gantry/v1/enrolments", token.secret().reveal(), MisFixture.csr(pair)));
    }

    private static Response renew(IssuedCredential issued, String pin, Credential with, String body)
            throws Unreachable {
        return sent(
                to(issued.renewalUri(), pin).presenting(() -> with),
                MisFixture.post(issued.renewalUri().getRawPath(), "", body));
    }

    @Test
    @Requirement({"ID-056", "ID-060", "ID-064", "ID-072"})
    void theTrustEndpointsAreReachedWithTheRightPinOnly() throws Exception {
        try (Mis mis = started()) {
            URI url = mis.addresses().open();
            Response response = sent(to(url, mis.pin().value()), Request.get("/.well-known/margo"));
            assertEquals(FACTORY, Discovery.read(response.body().whole(1 << 20)).trustDomain());
            String wrong = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
            assertThrows(Unreachable.class, () -> sent(to(url, wrong), Request.get("/.well-known/margo")));
            assertEquals(mis.pin().value(), Files.readString(state().resolve("pin")));
        }
    }

    @Test
    @Requirement({"ID-048", "ID-095"})
    void aDeviceEnrolsAndRenewsOverMutualTls() throws Exception {
        try (Mis mis = started()) {
            EnrolmentToken token = token(mis.addresses().open(), mis.pin().value(), MisFixture.WISH);
            var keys = new CredentialFolder(folder.resolve("device"));
            String first = keys.request(KeyAlgorithm.ECDSA_P256, CHANCE);
            Request enrolment = MisFixture.post(
                    "/x-gantry/v1/enrolments",
                    token.secret().reveal(),
                    new CredentialRequest(first).write().text());
            IssuedCredential issued =
                    MisFixture.issued(sent(to(token.url(), token.pin().value()), enrolment));
            Credential svid =
                    keys.install(issued.verified(token.trustDomain(), CLOCK).chain());

            String next = new CredentialRequest(keys.request(KeyAlgorithm.ECDSA_P256, CHANCE))
                    .write()
                    .text();
            Response answer = renew(issued, token.pin().value(), svid, next);
            IssuedCredential renewed = MisFixture.issued(answer).verified(FACTORY, CLOCK);
            assertEquals(MisFixture.PRESS, renewed.spiffeId().value());
            // A lost answer is asked for again with the same key, or the renewed SVID renews itself.
            assertEquals(201, renew(issued, token.pin().value(), svid, next).status());
            Credential latest = keys.install(renewed.chain());
            assertEquals(
                    201,
                    renew(issued, token.pin().value(), latest, MisFixture.csr(MisFixture.pair()))
                            .status());
        }
    }

    @Test
    @Requirement({"ID-035", "ID-036", "ID-048", "ID-096"})
    void renewalsAreForPresentHoldersOnly() throws Exception {
        try (Mis mis = started()) {
            URI url = mis.addresses().open();
            String pin = mis.pin().value();
            KeyPair pair = MisFixture.pair();
            IssuedCredential issued = MisFixture.issued(enrol(token(url, pin, MisFixture.WISH), pair));
            var own = new Credential(pair.getPrivate(), issued.chain());
            String body = MisFixture.csr(MisFixture.pair());

            Credential root =
                    CertificateAuthority.newRoot(FACTORY, KeyAlgorithm.ECDSA_P256, Duration.ofDays(1), CLOCK, CHANCE);
            var press = new MargoIdentity.Client(FACTORY, "plant-a", "press-01");
            List<java.security.cert.X509Certificate> foreign = new CertificateAuthority(FACTORY, root, CLOCK, CHANCE)
                    .issue(press, pair.getPublic(), Duration.ofHours(1));
            assertThrows(
                    Unreachable.class,
                    () -> renew(issued, pin, new Credential(pair.getPrivate(), foreign), body),
                    "a stranger's authority");
            assertThrows(
                    Unreachable.class,
                    () -> sent(to(issued.renewalUri(), pin), MisFixture.post("/x-gantry/v1/renewals", "", body)),
                    "no certificate");
            assertEquals(201, renew(issued, pin, own, body).status());

            assertEquals(
                    201,
                    enrol(token(url, pin, MisFixture.WISH), MisFixture.pair()).status());
            assertThrows(Unreachable.class, () -> renew(issued, pin, own, body), "another device enrolled since");
        }
    }

    @Test
    void aRestartKeepsAuthorityPinTokensAndIdentities() throws Exception {
        KeyPair pair = MisFixture.pair();
        EnrolmentToken spent;
        EnrolmentToken unspent;
        IssuedCredential issued;
        String pin;
        try (Mis mis = started()) {
            pin = mis.pin().value();
            spent = token(mis.addresses().open(), pin, MisFixture.WISH);
            unspent = token(mis.addresses().open(), pin, MisFixture.WISH.replace("01", "02"));
            issued = MisFixture.issued(enrol(spent, pair));
        }
        try (Mis mis = started()) {
            assertEquals(pin, mis.pin().value());
            EnrolmentToken again = moved(spent, mis);
            assertEquals(issued.chain(), MisFixture.issued(enrol(again, pair)).chain());
            MisFixture.refused(403, "urn:x-gantry:problem:token-used", enrol(again, MisFixture.pair()));
            IssuedCredential other = MisFixture.issued(enrol(moved(unspent, mis), MisFixture.pair()));
            assertEquals(issued.bundle(), other.bundle());
            var own = new Credential(pair.getPrivate(), issued.chain());
            assertEquals(
                    201,
                    renew(other, pin, own, MisFixture.csr(MisFixture.pair())).status());
        }
    }

    private static EnrolmentToken moved(EnrolmentToken token, Mis to) {
        return new EnrolmentToken(to.addresses().open(), token.trustDomain(), token.pin(), token.secret());
    }

    @Test
    void aHugeBodyIsRefused() throws Exception {
        try (Mis mis = started()) {
            Request huge = MisFixture.post("/x-gantry/v1/enrolments", "x", " ".repeat(1 << 18));
            try {
                assertEquals(
                        413,
                        sent(to(mis.addresses().open(), mis.pin().value()), huge)
                                .status());
            } catch (Unreachable e) {
                // The server may cut before all was sent; it must be there for the next caller in any case.
                assertTrue(e.getMessage().contains("127.0.0.1"), e::getMessage);
            }
            Response next = sent(to(mis.addresses().open(), mis.pin().value()), Request.get("/.well-known/margo"));
            assertEquals(200, next.status());
        }
    }

    @Test
    @Requirement("ID-100")
    void everySecretIsItsOwnersOnly() throws IOException {
        started().close();
        for (String file :
                List.of("admin-key", "records.json", "authority/credential.pem", "endpoints/credential.pem")) {
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(state().resolve(file))),
                    file);
        }
    }

    @Test
    void aTakenPortAndATakenFolderAreNamedAndNothingStaysOpen() {
        try (Mis mis = started()) {
            Fault taken = assertThrows(Fault.class, this::started);
            assertTrue(taken.getMessage().contains(state().toString()), taken::getMessage);
            String port = String.valueOf(mis.addresses().open().getPort());
            String elsewhere = folder.resolve("other").toString();
            for (String listener : List.of("listen", "renewal.listen")) {
                Fault fault =
                        assertThrows(Fault.class, () -> started("state.dir", elsewhere, listener, "127.0.0.1:" + port));
                assertTrue(fault.getMessage().contains(port), fault::getMessage);
            }
            started("state.dir", elsewhere).close();
        }
    }

    @Test
    @Requirement("ID-068")
    void aFolderThatIsNotWholeOrOfAnotherTrustDomainStopsTheStart() throws IOException {
        started().close();
        Fault other = assertThrows(Fault.class, () -> started("trust-domain", "other.example"));
        assertTrue(other.getMessage().contains("factory.example"), other::getMessage);

        Path records = state().resolve("records.json");
        Path authority = state().resolve("authority/credential.pem");
        for (Path lost : List.of(records, authority)) {
            byte[] content = Files.readAllBytes(lost);
            Files.delete(lost);
            Fault fault = assertThrows(Fault.class, this::started);
            assertTrue(fault.getMessage().contains("restore"), fault::getMessage);
            Files.write(lost, content);
        }
        started().close();
    }

    @Test
    void settingsAreChecked() {
        MisConfig config = config("url", "https://mis.example", "renewal.url", "https://renew.example/mis");
        assertEquals(URI.create("https://mis.example"), config.open().url().orElseThrow());
        for (String[] bad : new String[][] {
            {"state.folder", "x"},
            {"trust-domain", "Factory"},
            {"url", "http://mis.example"},
            {"renewal.url", "https://mis.example?x"},
            {"svid.validity", "1s"},
            {"listen", ":9443"}
        }) {
            assertThrows(Fault.class, () -> config(bad), bad[0]);
        }
        assertThrows(Fault.class, () -> MisConfig.from(Settings.of(Map.of())));
    }

    @Test
    void theProcessServesSaysNoSecretAndEndsWhenAsked() throws Exception {
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dlogback.configurationFile=" + MisMain.class.getResource("/logback.xml"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        MisMain.class.getName(),
                        "--trust-domain=" + FACTORY,
                        "--state-dir=" + state(),
                        "--listen=127.0.0.1:0",
                        "--renewal-listen=127.0.0.1:0")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            Matcher ready = ready(process, log);
            EnrolmentToken token = token(URI.create(ready.group(1)), ready.group(2), MisFixture.WISH);
            assertEquals(201, enrol(token, MisFixture.pair()).status());
            process.destroy();
            assertTrue(process.waitFor(PATIENCE, TimeUnit.SECONDS));
            String said = Files.readString(log);
            assertFalse(said.contains(Files.readString(state().resolve("admin-key"))));
            assertFalse(said.contains(token.secret().reveal()));
            assertTrue(said.contains("identity enrolled"), said);
        } finally {
            process.destroyForcibly();
        }
    }

    private static Matcher ready(Process process, Path log) throws IOException {
        Pattern line = Pattern.compile("identity service started .*url=\"([^\"]+)\".* pin=\"([^\"]+)\"");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
        while (true) {
            String said = Files.readString(log);
            Matcher ready = line.matcher(said);
            if (ready.find()) {
                return ready;
            }
            assertTrue(process.isAlive() && System.nanoTime() < end, said);
            Thread.onSpinWait();
        }
    }
}
