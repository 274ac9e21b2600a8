// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// Everything that a process needs to run one module. It travels through the process's standard input, never on its
/// command line: arguments and variables may hold secrets (design: what must always hold, 8).
///
/// @param file the module
/// @param digest of the module, checked again by who runs it
/// @param lock held while the instance lives, so that no second one runs beside it
/// @param cache folder for compiled modules
/// @param mounts directories that appear in the module
record Launch(
        Path file,
        String digest,
        Path lock,
        Path cache,
        List<String> args,
        SequencedMap<String, String> env,
        Plan.Grants grants,
        Plan.Limits limits,
        List<Mount> mounts) {
    /// A directory of the module.
    record Mount(String guest, Path host, boolean writable, long quota) {}

    private static final int FORM = 1;
    private static final int MAX_ITEMS = 10_000;
    private static final int MAX_TEXT = 1 << 20;

    Launch {
        args = List.copyOf(args);
        env = new LinkedHashMap<>(env);
        mounts = List.copyOf(mounts);
    }

    void writeTo(DataOutputStream out) throws IOException {
        out.writeByte(FORM);
        text(out, file.toString());
        text(out, digest);
        text(out, lock.toString());
        text(out, cache.toString());
        out.writeInt(args.size());
        for (String arg : args) {
            text(out, arg);
        }
        out.writeInt(env.size());
        for (var variable : env.entrySet()) {
            text(out, variable.getKey());
            text(out, variable.getValue());
        }
        out.writeBoolean(grants.monotonic());
        out.writeBoolean(grants.wall());
        out.writeBoolean(grants.random());
        out.writeLong(limits.memoryBytes());
        out.writeLong(limits.stackBytes());
        out.writeInt(limits.milliCores());
        out.writeLong(limits.storageBytes());
        out.writeLong(limits.logRate());
        out.writeInt(mounts.size());
        for (Mount mount : mounts) {
            text(out, mount.guest);
            text(out, mount.host.toString());
            out.writeBoolean(mount.writable);
            out.writeLong(mount.quota);
        }
        out.flush();
    }

    static Launch readFrom(DataInputStream in) throws IOException {
        if (in.readByte() != FORM) {
            throw new IOException("not the form of instructions that this process knows");
        }
        Path file = Path.of(text(in));
        String digest = text(in);
        Path lock = Path.of(text(in));
        Path cache = Path.of(text(in));
        var args = new ArrayList<String>();
        for (int rest = items(in); rest > 0; rest--) {
            args.add(text(in));
        }
        var env = new LinkedHashMap<String, String>();
        for (int rest = items(in); rest > 0; rest--) {
            env.put(text(in), text(in));
        }
        var grants = new Plan.Grants(in.readBoolean(), in.readBoolean(), in.readBoolean(), List.of());
        var limits = new Plan.Limits(
                in.readLong(), in.readLong(), in.readInt(), Optional.empty(), in.readLong(), in.readLong());
        var mounts = new ArrayList<Mount>();
        for (int rest = items(in); rest > 0; rest--) {
            mounts.add(new Mount(text(in), Path.of(text(in)), in.readBoolean(), in.readLong()));
        }
        return new Launch(file, digest, lock, cache, args, env, grants, limits, mounts);
    }

    private static int items(DataInputStream in) throws IOException {
        return bounded(in.readInt(), MAX_ITEMS);
    }

    static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static String text(DataInputStream in) throws IOException {
        var bytes = new byte[bounded(in.readInt(), MAX_TEXT)];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static int bounded(int count, int most) throws IOException {
        if (count < 0 || count > most) {
            throw new IOException(count + " where at most " + most + " are expected");
        }
        return count;
    }
}
