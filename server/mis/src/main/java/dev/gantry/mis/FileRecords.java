// SPDX-License-Identifier: Apache-2.0
package dev.gantry.mis;

import dev.gantry.content.Blob;
import dev.gantry.content.Disk;
import dev.gantry.content.Fault;
import dev.gantry.identity.TrustDomain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Records in one file that only its owner can read, replaced as a whole with each change. A file that cannot be
/// read stops the start: going on without it would forget which tokens are spent.
final class FileRecords implements Records {
    private final Path file;
    private volatile State state;

    private FileRecords(Path file, State state) {
        this.file = file;
        this.state = state;
    }

    /// New records of a trust domain, written before this returns.
    static FileRecords create(Path file, TrustDomain domain) {
        State first = State.fresh(domain);
        Disk.replaceSecret(file, StateDocument.write(first));
        return new FileRecords(file, first);
    }

    static FileRecords open(Path file) {
        try {
            if (Files.size(file) > StateDocument.LIMITS.bytes()) {
                throw Fault.invalid("it has more than " + StateDocument.LIMITS.bytes() + " bytes");
            }
            return new FileRecords(file, StateDocument.read(Blob.of(Files.readAllBytes(file))));
        } catch (Fault fault) {
            throw new Fault(
                    fault.kind(),
                    file + " cannot be used: " + fault.getMessage() + "; restore the state folder from a backup",
                    fault);
        } catch (IOException e) {
            throw new Fault(Fault.Kind.UNAVAILABLE, "cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public synchronized boolean replace(State from, State to) {
        if (!state.equals(from)) {
            return false;
        }
        Disk.replaceSecret(file, StateDocument.write(to));
        state = to;
        return true;
    }
}
