// SPDX-License-Identifier: Apache-2.0
package dev.gantry.oci;

import dev.gantry.content.Blob;
import dev.gantry.content.Digest;
import dev.gantry.content.Fault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/// The files of one layer of a container image. Equal files give equal bytes: they are sorted by name, owned by root,
/// and dated to the epoch.
public final class Layer {
    private static final int BLOCK = 512;
    private static final int NAME = 100;
    private static final int PREFIX = 155;
    private static final int EXECUTABLE = 0755;
    private static final int PLAIN = 0644;

    private sealed interface Entry {
        /// A folder.
        record Folder() implements Entry {}

        /// A file of the build machine.
        record File(Path source, boolean executable) implements Entry {}

        /// A file made here.
        record Made(Blob content, boolean executable) implements Entry {}

        /// A symbolic link.
        record Link(String target) implements Entry {}
    }

    /// A finished layer.
    ///
    /// @param blob compressed, as it lies in a registry
    /// @param diffId digest of the uncompressed tar, as the image's config names it
    public record Packed(Blob blob, Digest diffId) {}

    private final TreeMap<String, Entry> entries = new TreeMap<>();

    /// Adds a file of the build machine; its folders are added too.
    ///
    /// @param name absolute path in the image
    public Layer file(String name, Path source, boolean executable) {
        return put(name, new Entry.File(source, executable));
    }

    /// Adds a file with this content.
    public Layer file(String name, Blob content, boolean executable) {
        return put(name, new Entry.Made(content, executable));
    }

    /// Adds a symbolic link.
    public Layer link(String name, String target) {
        return put(name, new Entry.Link(target));
    }

    /// Adds a folder and its parents.
    public Layer folder(String name) {
        return put(name, new Entry.Folder());
    }

    /// Adds every file below a folder of the build machine, executable where it is executable there.
    public Layer tree(String name, Path folder) {
        try (var found = Files.walk(folder)) {
            found.filter(Files::isRegularFile).forEach(file -> {
                String below = folder.relativize(file).toString().replace('\\', '/');
                file(name + "/" + below, file, Files.isExecutable(file));
            });
            return this;
        } catch (IOException e) {
            throw new Fault(Fault.Kind.UNAVAILABLE, "cannot read the folder " + folder + ": " + e.getMessage(), e);
        }
    }

    private Layer put(String name, Entry entry) {
        if (!name.startsWith("/") || name.contains("/../") || name.endsWith("/") || name.contains("//")) {
            throw new IllegalArgumentException("not an absolute path in an image: " + name);
        }
        for (int cut = name.lastIndexOf('/'); cut > 0; cut = name.lastIndexOf('/', cut - 1)) {
            entries.putIfAbsent(name.substring(0, cut), new Entry.Folder());
        }
        entries.put(name, entry);
        return this;
    }

    /// Writes the layer.
    public Packed pack() {
        var compressed = new ByteArrayOutputStream();
        try (var gzip = new Best(compressed);
                var tar = new DigestOutputStream(gzip, Digest.sha256())) {
            for (var entry : entries.entrySet()) {
                write(entry.getKey().substring(1), entry.getValue(), tar);
            }
            tar.write(new byte[2 * BLOCK]);
            tar.flush();
            gzip.finish();
            return new Packed(
                    Blob.of(compressed.toByteArray()),
                    Digest.ofHash(tar.getMessageDigest().digest()));
        } catch (IOException e) {
            throw new UncheckedIOException("a layer could not be written", e);
        }
    }

    /// Gzip without a name or a time, at the best level; its header says that no system in particular wrote it.
    private static final class Best extends GZIPOutputStream {
        Best(OutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }

    private static void write(String name, Entry entry, OutputStream tar) throws IOException {
        switch (entry) {
            case Entry.Folder _ -> tar.write(header(name + "/", EXECUTABLE, 0, '5', ""));
            case Entry.Link(var target) -> tar.write(header(name, 0777, 0, '2', target));
            case Entry.Made(var content, var executable) -> {
                tar.write(header(name, executable ? EXECUTABLE : PLAIN, content.size(), '0', ""));
                content.writeTo(tar);
                pad(content.size(), tar);
            }
            case Entry.File(var source, var executable) -> {
                long size = Files.size(source);
                tar.write(header(name, executable ? EXECUTABLE : PLAIN, size, '0', ""));
                try (InputStream in = Files.newInputStream(source)) {
                    if (in.transferTo(tar) != size) {
                        throw new IOException(source + " changed while it was read");
                    }
                }
                pad(size, tar);
            }
        }
    }

    private static void pad(long size, OutputStream tar) throws IOException {
        tar.write(new byte[(int) ((BLOCK - size % BLOCK) % BLOCK)]);
    }

    /// A ustar header (POSIX.1-1988), which every engine reads.
    private static byte[] header(String name, int mode, long size, char type, String target) {
        byte[] header = new byte[BLOCK];
        int cut = name.length() <= NAME ? -1 : name.lastIndexOf('/', Math.min(PREFIX, name.length() - 2));
        String tail = name.substring(cut + 1);
        if (tail.length() > NAME || target.length() > NAME) {
            throw Fault.invalid("the path " + name + " is too long for a layer");
        }
        text(header, 0, tail);
        text(header, 345, cut < 0 ? "" : name.substring(0, cut));
        text(header, 157, target);
        octal(header, 100, 8, mode);
        octal(header, 108, 8, 0);
        octal(header, 116, 8, 0);
        octal(header, 124, 12, size);
        octal(header, 136, 12, 0);
        header[156] = (byte) type;
        text(header, 257, "ustar\u000000");
        text(header, 148, "        ");
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        text(header, 148, String.format("%06o\0 ", sum));
        return header;
    }

    private static void text(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    private static void octal(byte[] header, int at, int width, long value) {
        text(header, at, String.format("%0" + (width - 1) + "o", value));
    }
}
