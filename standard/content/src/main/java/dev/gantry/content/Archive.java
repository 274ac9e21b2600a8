// SPDX-License-Identifier: Apache-2.0
package dev.gantry.content;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/// A gzip-compressed tar of regular files, written so that equal content gives equal bytes, and read without trust:
/// no links, no devices, no absolute or climbing names, nothing beyond the limits (AD-092, AD-094, reading A-9).
public final class Archive {
    /// How large an archive may be.
    ///
    /// @param entries files and directories
    /// @param entryBytes of one file, unpacked
    /// @param totalBytes of all files, unpacked
    public record Size(int entries, int entryBytes, long totalBytes) {
        /// For bundles of deployments and for the files of a component.
        public static final Size DEFAULT = new Size(10_000, 1 << 20, 64L << 20);
    }

    private static final int EPOCH = 0;
    private static final int FILE_MODE = 0644;
    private static final byte[] GZIP_HEADER = {0x1f, (byte) 0x8b, Deflater.DEFLATED, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    private Archive() {}

    /// Packs files in the map's order: times, owners and modes are fixed, the gzip header names no system.
    public static Blob write(SequencedMap<String, Blob> files) {
        var bytes = new ByteArrayOutputStream();
        try {
            var tar = new ByteArrayOutputStream();
            try (var out = new TarArchiveOutputStream(tar, "UTF-8")) {
                out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
                for (var file : files.entrySet()) {
                    var entry = new TarArchiveEntry(file.getKey());
                    entry.setSize(file.getValue().size());
                    entry.setModTime(EPOCH);
                    entry.setMode(FILE_MODE);
                    entry.setIds(0, 0);
                    entry.setNames("", "");
                    out.putArchiveEntry(entry);
                    file.getValue().writeTo(out);
                    out.closeArchiveEntry();
                }
            }
            gzip(tar.toByteArray(), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory does not fail", e);
        }
        return Blob.of(bytes.toByteArray());
    }

    private static void gzip(byte[] content, ByteArrayOutputStream out) throws IOException {
        out.write(GZIP_HEADER);
        var deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        try (var body = new DeflaterOutputStream(out, deflater)) {
            body.write(content);
        } finally {
            deflater.end();
        }
        var crc = new CRC32();
        crc.update(content);
        little((int) crc.getValue(), out);
        little(content.length, out);
    }

    private static void little(int value, ByteArrayOutputStream out) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            out.write(value >>> shift);
        }
    }

    /// Unpacks the regular files of an archive by name, `./` in front removed; `INVALID` for whatever is not safe.
    public static SequencedMap<String, Blob> read(Blob archive, Size size) {
        var files = new LinkedHashMap<String, Blob>();
        long total = 0;
        int entries = 0;
        try (var gzip = new GZIPInputStream(new ByteArrayInputStream(archive.toByteArray()));
                var tar = new TarArchiveInputStream(gzip, "UTF-8")) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (++entries > size.entries()) {
                    throw Fault.invalid("the archive has more than " + size.entries() + " entries");
                }
                String name = safe(entry);
                if (entry.isDirectory()) {
                    continue;
                }
                byte[] content = tar.readNBytes(size.entryBytes() + 1);
                total += content.length;
                if (content.length > size.entryBytes()) {
                    throw Fault.invalid(name + " is larger than " + size.entryBytes() + " bytes");
                }
                if (total > size.totalBytes()) {
                    throw Fault.invalid("the archive unpacks to more than " + size.totalBytes() + " bytes");
                }
                if (files.put(name, Blob.of(content)) != null) {
                    throw Fault.invalid(name + " stands twice in the archive");
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new Fault(Fault.Kind.INVALID, "not a gzip-compressed tar: " + e.getMessage(), e);
        }
        return files;
    }

    private static String safe(TarArchiveEntry entry) {
        String name = entry.getName();
        String shown = Text.quoted(name);
        if (entry.isSymbolicLink() || entry.isLink()) {
            throw Fault.invalid(shown + " is a link");
        }
        if (!entry.isFile() && !entry.isDirectory() || entry.isSparse()) {
            throw Fault.invalid(shown + " is neither a plain file nor a directory");
        }
        String relative = name.startsWith("./") ? name.substring(2) : name;
        if (relative.startsWith("/") || relative.contains("\\") || relative.indexOf('\0') >= 0) {
            throw Fault.invalid(shown + " is not a relative path");
        }
        for (String segment : relative.split("/", -1)) {
            if (segment.equals("..") || segment.equals(".")) {
                throw Fault.invalid(shown + " leaves the archive");
            }
        }
        return relative;
    }
}
