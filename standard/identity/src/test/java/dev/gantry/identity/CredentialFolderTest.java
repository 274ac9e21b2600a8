// SPDX-License-Identifier: Apache-2.0
package dev.gantry.identity;

import static dev.gantry.identity.Certificates.CHANCE;
import static dev.gantry.identity.Certificates.CLIENT;
import static dev.gantry.identity.Certificates.FACTORY;
import static dev.gantry.identity.Certificates.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.content.Fault;
import dev.gantry.spec.Requirement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CredentialFolderTest {
    @TempDir
    Path folder;

    private final CertificateAuthority authority = new CertificateAuthority(
            FACTORY,
            CertificateAuthority.newRoot(FACTORY, KeyAlgorithm.ECDSA_P256, Duration.ofDays(9), () -> NOW, CHANCE),
            () -> NOW,
            CHANCE);

    private List<X509Certificate> issue(String request) {
        return authority.issue(CLIENT, CertificateRequest.read(request).key(), Duration.ofDays(1));
    }

    private static java.security.PublicKey key(String request) {
        return CertificateRequest.read(request).key();
    }

    @ParameterizedTest
    @EnumSource(KeyAlgorithm.class)
    @Requirement("ID-095")
    void aCredentialIsAskedForInstalledAndReplacedInPlace(KeyAlgorithm algorithm) {
        var keeper = new CredentialFolder(folder);
        assertTrue(keeper.isEmpty());
        assertEquals(Fault.Kind.MISSING, assertThrows(Fault.class, keeper::get).kind());

        Credential first = keeper.install(issue(keeper.request(algorithm, CHANCE)));
        assertEquals(first.leaf(), new CredentialFolder(folder).get().leaf());
        Credential second = keeper.install(issue(keeper.request(algorithm, CHANCE)));
        assertNotEquals(first.leaf().getPublicKey(), second.leaf().getPublicKey());
        assertEquals(second.leaf(), keeper.get().leaf());
        assertEquals(second.leaf(), new CredentialFolder(folder).get().leaf());
    }

    @Test
    void aRequestIsRepeatedWithTheSameKeyAfterACrash() {
        String before = new CredentialFolder(folder).request(KeyAlgorithm.ECDSA_P256, CHANCE);
        var restarted = new CredentialFolder(folder);
        assertEquals(key(before), key(restarted.request(KeyAlgorithm.ECDSA_P256, CHANCE)));
        restarted.install(issue(before));
        assertNotEquals(key(before), key(restarted.request(KeyAlgorithm.ECDSA_P256, CHANCE)));
    }

    @Test
    void aNextKeyThatWasAlreadyInstalledIsNotUsedAgain() throws IOException {
        var keeper = new CredentialFolder(folder);
        String request = keeper.request(KeyAlgorithm.ECDSA_P256, CHANCE);
        String left = Files.readString(folder.resolve("next-key.pem"));
        keeper.install(issue(request));
        Files.writeString(folder.resolve("next-key.pem"), left);
        assertNotEquals(key(request), key(new CredentialFolder(folder).request(KeyAlgorithm.ECDSA_P256, CHANCE)));
    }

    @Test
    @Requirement("ID-100")
    void keysAreReadableByTheirOwnerOnly() throws IOException {
        var keeper = new CredentialFolder(folder.resolve("own"));
        String request = keeper.request(KeyAlgorithm.ECDSA_P256, CHANCE);
        assertEquals("rw-------", mode("own/next-key.pem"));
        keeper.install(issue(request));
        assertEquals("rw-------", mode("own/credential.pem"));
        assertEquals("rwx------", mode("own"));
        try (Stream<Path> files = Files.list(folder.resolve("own"))) {
            assertEquals(
                    List.of("credential.pem"),
                    files.map(file -> file.getFileName().toString()).toList());
        }
        assertFalse(keeper.get().toString().contains("PRIVATE"));
    }

    private String mode(String name) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name)));
    }

    @Test
    void aCertificateOfAnotherKeyIsRefused() {
        var keeper = new CredentialFolder(folder);
        List<X509Certificate> foreign = issue(CertificateRequest.create(KeyAlgorithm.ECDSA_P256.generate(CHANCE)));
        assertEquals(
                Fault.Kind.CONFLICT,
                assertThrows(Fault.class, () -> keeper.install(foreign)).kind());
        keeper.request(KeyAlgorithm.ECDSA_P256, CHANCE);
        assertEquals(
                Fault.Kind.INVALID,
                assertThrows(Fault.class, () -> keeper.install(foreign)).kind());
        assertTrue(keeper.isEmpty());
    }

    @Test
    void damagedFilesAreNamedAndNoKeyIsRepeated() throws IOException {
        var keeper = new CredentialFolder(folder);
        keeper.install(issue(keeper.request(KeyAlgorithm.ECDSA_P256, CHANCE)));
        String pem = Files.readString(folder.resolve("credential.pem"));
        String other = Pem.of(KeyAlgorithm.ECDSA_P256.generate(CHANCE).getPrivate());
        for (String bad : List.of(
                "",
                pem.substring(0, 100),
                pem.replaceFirst("MI", "!!"),
                other + pem.substring(pem.indexOf("-----BEGIN CERT")))) {
            Files.writeString(folder.resolve("credential.pem"), bad);
            Fault fault = assertThrows(Fault.class, () -> new CredentialFolder(folder));
            assertTrue(fault.getMessage().contains("credential.pem"), fault.getMessage());
        }
    }

    @Test
    void aKeyAndAChainFromSeparateFilesMustBelongTogether() {
        var keeper = new CredentialFolder(folder);
        Credential own = keeper.install(issue(keeper.request(KeyAlgorithm.ECDSA_P256, CHANCE)));
        assertEquals(
                own.leaf(),
                Credential.read(Pem.of(own.key()), Pem.of(own.chain())).leaf());
        String wrong = Pem.of(KeyAlgorithm.ECDSA_P256.generate(CHANCE).getPrivate());
        String chain = Pem.of(own.chain());
        assertThrows(Fault.class, () -> Credential.read(wrong, chain));
    }
}
