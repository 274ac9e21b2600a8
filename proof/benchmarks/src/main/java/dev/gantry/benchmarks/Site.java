// SPDX-License-Identifier: Apache-2.0
package dev.gantry.benchmarks;

import dev.gantry.content.Blob;
import dev.gantry.content.Disk;
import dev.gantry.identity.CertificateAuthority;
import dev.gantry.identity.Credential;
import dev.gantry.identity.CredentialFolder;
import dev.gantry.identity.KeyAlgorithm;
import dev.gantry.identity.MargoIdentity;
import dev.gantry.identity.SvidCheck;
import dev.gantry.identity.TrustBundle;
import dev.gantry.identity.TrustDomain;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A trust domain for one run: fresh keys, SVIDs to the profile, everything in a folder that goes with it.
final class Site implements AutoCloseable {
    static final MargoIdentity.Wfm WFM = new MargoIdentity.Wfm(new TrustDomain("bench.example"), "plant");

    private static final Duration VALIDITY = Duration.ofDays(1);
    private static final Duration HINT = Duration.ofHours(1);
    private static final String BUNDLE = "bundle.json";

    private final InstantSource clock = InstantSource.system();
    private final SecureRandom chance = new SecureRandom();
    private final Path folder;
    private final TrustBundle bundle;
    private final CertificateAuthority authority;

    Site() throws IOException {
        Credential root = CertificateAuthority.newRoot(
                WFM.trustDomain(), KeyAlgorithm.ECDSA_P256, VALIDITY.multipliedBy(2), clock, chance);
        authority = new CertificateAuthority(WFM.trustDomain(), root, clock, chance);
        bundle = TrustBundle.of(root.chain(), BigInteger.ONE, HINT);
        folder = Files.createTempDirectory("gantry-bench");
        new CredentialFolder(folder).replace(credential(WFM));
        Disk.replace(folder.resolve(BUNDLE), bundle.write());
    }

    /// What server processes read with [#own] and [#trusted].
    Path folder() {
        return folder;
    }

    /// A server's own SVID.
    static CredentialFolder own(Path folder) {
        return new CredentialFolder(folder);
    }

    /// The anchors of a site.
    static TrustBundle trusted(Path folder) throws IOException {
        return TrustBundle.read(Blob.of(Files.readAllBytes(folder.resolve(BUNDLE))))
                .value();
    }

    /// The id of the client with this number, among [Plan#devices].
    static String client(int number) {
        return "client-" + number;
    }

    /// A client's SVID with a fresh key.
    Credential credential(int client) {
        return credential(WFM.client(client(client)));
    }

    private Credential credential(MargoIdentity identity) {
        KeyPair pair = KeyAlgorithm.ECDSA_P256.generate(chance);
        return new Credential(pair.getPrivate(), authority.issue(identity, pair.getPublic(), VALIDITY));
    }

    SvidCheck check() {
        return new SvidCheck(WFM.trustDomain(), () -> bundle, clock);
    }

    @Override
    public void close() throws IOException {
        List<Path> all;
        try (Stream<Path> found = Files.walk(folder)) {
            all = found.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path one : all) {
            Files.deleteIfExists(one);
        }
    }
}
