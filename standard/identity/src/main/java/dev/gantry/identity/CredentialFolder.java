// SPDX-License-Identifier: Apache-2.0
package dev.gantry.identity;

import dev.gantry.content.Blob;
import dev.gantry.content.Disk;
import dev.gantry.content.Fault;
import dev.gantry.content.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Where a principal keeps its own SVID (ID-100): `credential.pem` is key and chain in one file, so that one
/// rename replaces both (ID-095); `next-key.pem` is a key whose certificate was asked for and has not come yet.
///
/// ```text
///  nothing ──request()──► next key ──install(chain)──► credential ──request()──► credential and next key ──► …
/// ```
///
/// A crash between any two writes loses nothing: the same request is made again with the same key, and the issuer
/// answers it again. Private keys never leave the folder; both files are their owner's alone.
public final class CredentialFolder implements Supplier<Credential> {
    private static final String CREDENTIAL = "credential.pem";
    private static final String NEXT_KEY = "next-key.pem";

    private final Path folder;
    private volatile @Nullable Credential current;

    /// Opens the folder and creates it where it is missing; a credential that cannot be read is a fault that
    /// names it.
    public CredentialFolder(Path folder) {
        this.folder = folder;
        Disk.createFolder(folder);
        current = text(CREDENTIAL)
                .map(pem -> named(CREDENTIAL, () -> Credential.read(pem, pem)))
                .orElse(null);
    }

    /// The present credential; `MISSING` before the first was installed.
    @Override
    public Credential get() {
        Credential credential = current;
        if (credential == null) {
            throw new Fault(
                    Fault.Kind.MISSING,
                    "there is no credential in " + folder + " yet; enrol this machine with an enrolment token");
        }
        return credential;
    }

    public boolean isEmpty() {
        return current == null;
    }

    /// A certificate request in PEM for the next key, which is made and stored on the first call and stays the
    /// same until its certificate was installed.
    public synchronized String request(KeyAlgorithm algorithm, SecureRandom chance) {
        KeyPair pair = nextKey().orElseGet(() -> {
            KeyPair fresh = algorithm.generate(chance);
            Disk.replaceSecret(
                    folder.resolve(NEXT_KEY), Blob.utf8(Pem.of(fresh.getPrivate()) + PublicPem.of(fresh.getPublic())));
            return fresh;
        });
        return CertificateRequest.create(pair);
    }

    private Optional<KeyPair> nextKey() {
        Optional<KeyPair> pair = text(NEXT_KEY)
                .map(pem -> named(NEXT_KEY, () -> {
                    PrivateKey key = Pem.privateKey(pem);
                    PublicKey half = PublicPem.read(pem);
                    if (!Credential.belong(key, half)) {
                        throw Fault.invalid("its two halves do not belong together");
                    }
                    return new KeyPair(half, key);
                }));
        Credential credential = current;
        return pair.filter(next ->
                credential == null || !next.getPublic().equals(credential.leaf().getPublicKey()));
    }

    /// Makes the issued chain the present credential, durably, at once; `INVALID` when it is not of the requested
    /// key.
    public synchronized Credential install(List<X509Certificate> chain) {
        KeyPair pair = nextKey()
                .orElseThrow(() -> new Fault(Fault.Kind.CONFLICT, "no certificate was asked for in " + folder));
        if (!pair.getPublic().equals(chain.getFirst().getPublicKey())) {
            throw Fault.invalid("the issued certificate is not of the key that was asked for");
        }
        var credential = new Credential(pair.getPrivate(), chain);
        replace(credential);
        return credential;
    }

    /// Keeps a credential that was made elsewhere, such as an authority's own.
    public synchronized void replace(Credential credential) {
        Disk.replaceSecret(folder.resolve(CREDENTIAL), Blob.utf8(credential.toPem()));
        current = credential;
        try {
            if (Files.deleteIfExists(folder.resolve(NEXT_KEY))) {
                Disk.force(folder);
            }
        } catch (IOException _) {
            // It is left over, and recognised as such by its public half.
        }
    }

    /// The place of the cached trust bundle that goes with this credential.
    public Path bundleFile() {
        return folder.resolve("bundle.json");
    }

    private Optional<String> text(String name) {
        try {
            Path file = folder.resolve(name);
            if (Files.size(file) > Limits.DOCUMENT.bytes()) {
                throw Fault.invalid(file + " has more than " + Limits.DOCUMENT.bytes() + " bytes");
            }
            return Optional.of(Files.readString(file));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw new Fault(Fault.Kind.UNAVAILABLE, "cannot read " + folder.resolve(name) + ": " + e.getMessage(), e);
        }
    }

    private <T> T named(String name, Supplier<T> reader) {
        try {
            return reader.get();
        } catch (Fault fault) {
            throw new Fault(fault.kind(), folder.resolve(name) + " cannot be used: " + fault.getMessage(), fault);
        }
    }
}
