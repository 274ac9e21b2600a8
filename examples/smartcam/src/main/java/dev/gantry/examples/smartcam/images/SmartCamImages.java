// SPDX-License-Identifier: Apache-2.0
package dev.gantry.examples.smartcam.images;

import dev.gantry.content.Blob;
import dev.gantry.content.Fault;
import dev.gantry.oci.ImageLayout;
import dev.gantry.oci.ImageWriter;
import dev.gantry.oci.Layer;
import dev.gantry.oci.OciTypes;
import dev.gantry.oci.Reference;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.spi.ToolProvider;

/// Makes the images `smartcam/camera` and `smartcam/viewer` for the machine that this runs on: one layer with the
/// libraries and a trimmed Java runtime, which both share, and one with the classes of the service.
///
/// `SmartCamImages <registry> <folder> <version>` writes an image layout, named for that registry; push it from there.
public final class SmartCamImages {
    private static final String MODULES = "java.base,java.net.http,jdk.httpserver";
    private static final String JAVA = "/opt/java";
    private static final String CLASSES = "/opt/smartcam";
    private static final String PACKAGE = "dev/gantry/examples/smartcam/";
    private static final String NOBODY = "65532:65532";
    private static final int PORT = 8080;

    private SmartCamImages() {}

    public static void main(String[] arguments) {
        if (arguments.length != 3) {
            System.err.println("usage: SmartCamImages <registry host:port> <folder for the image layout> <version>");
            System.exit(2);
            return;
        }
        try {
            ImageLayout layout = ImageLayout.create(Path.of(arguments[1]));
            write(layout, arguments[0], arguments[2]).forEach(System.out::println);
            layout.save();
        } catch (Fault fault) {
            System.err.println(fault.getMessage());
            System.exit(1);
        }
    }

    /// Writes both images into a layout and gives the references that they are named by.
    public static List<Reference> write(ImageLayout layout, String registry, String version) {
        try {
            Path work = Files.createTempDirectory("smartcam-images");
            try {
                Path runtime = work.resolve("java");
                link(runtime);
                Layer.Packed shared = runtimeLayer(runtime).pack();
                var written = new ArrayList<Reference>();
                for (String service : List.of("camera", "viewer")) {
                    Reference reference =
                            Reference.parse(registry + "/smartcam/" + service).withTag(version);
                    image(service, version, shared).write(start(service), layout, reference.toString());
                    written.add(reference);
                }
                return written;
            } finally {
                remove(work);
            }
        } catch (IOException e) {
            throw new Fault(Fault.Kind.UNAVAILABLE, "cannot assemble the images: " + e.getMessage(), e);
        }
    }

    private static void remove(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /// Trims this JDK to the modules that the services use.
    private static void link(Path output) {
        ToolProvider jlink = ToolProvider.findFirst("jlink")
                .orElseThrow(() -> new Fault(Fault.Kind.MISSING, "this Java has no jlink; run on a whole JDK 25"));
        var said = new ByteArrayOutputStream();
        int status;
        try (var out = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
                var err = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            status = jlink.run(
                    out,
                    err,
                    "--add-modules",
                    MODULES,
                    "--output",
                    output.toString(),
                    "--strip-java-debug-attributes",
                    "--no-header-files",
                    "--no-man-pages",
                    "--vm=server");
        }
        if (status != 0) {
            throw new Fault(
                    Fault.Kind.BROKEN,
                    "jlink failed: " + said.toString(StandardCharsets.UTF_8).strip());
        }
    }

    private static Layer runtimeLayer(Path runtime) {
        var layer = new Layer().tree(JAVA, runtime).folder("/tmp");
        Libraries.of(runtime).forEach(library -> layer.file(library.toString(), library, true));
        return layer.file("/etc/nsswitch.conf", Blob.utf8("hosts: files dns\n"), false);
    }

    private static ImageWriter image(String service, String version, Layer.Packed shared) {
        return new ImageWriter()
                .layer(shared)
                .layer(classes(service).pack())
                .label(OciTypes.TITLE, "smartcam/" + service)
                .label(OciTypes.VERSION, version);
    }

    /// The classes of one service, from the folder or the jar that this class came from.
    private static Layer classes(String service) {
        try {
            Path origin = Path.of(SmartCamImages.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            if (Files.isDirectory(origin)) {
                return classes(service, origin);
            }
            try (var jar = FileSystems.newFileSystem(origin)) {
                return classes(service, jar.getPath("/"));
            }
        } catch (IOException | URISyntaxException e) {
            throw new Fault(Fault.Kind.BROKEN, "cannot find our own classes: " + e.getMessage(), e);
        }
    }

    private static Layer classes(String service, Path root) throws IOException {
        var layer = new Layer();
        Path folder = root.resolve(PACKAGE + service);
        try (var files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                layer.file(
                        CLASSES + "/" + PACKAGE + service + "/" + file.getFileName(),
                        Blob.of(Files.readAllBytes(file)),
                        false);
            }
        }
        return layer;
    }

    private static ImageWriter.Start start(String service) {
        String main = "dev.gantry.examples.smartcam." + service + "."
                + service.substring(0, 1).toUpperCase(Locale.ROOT) + service.substring(1) + "Main";
        var environment = new LinkedHashMap<String, String>();
        environment.put("PATH", JAVA + "/bin");
        environment.put("LANG", "C.UTF-8");
        return new ImageWriter.Start(
                architecture(),
                List.of(
                        JAVA + "/bin/java",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-UsePerfData",
                        "-Xmx48m",
                        "-cp",
                        CLASSES,
                        main),
                environment,
                NOBODY,
                PORT);
    }

    private static String architecture() {
        String name = System.getProperty("os.arch");
        return switch (name) {
            case "amd64", "x86_64" -> "amd64";
            case "aarch64" -> "arm64";
            default -> throw Fault.invalid("there are no images for the architecture " + name);
        };
    }
}
