// SPDX-License-Identifier: Apache-2.0
package dev.gantry.cli;

import dev.gantry.app.ApplicationFolder;
import dev.gantry.app.Lint;
import dev.gantry.app.Pack;
import dev.gantry.app.Push;
import dev.gantry.app.Remark;
import dev.gantry.content.Fault;
import dev.gantry.content.Secret;
import dev.gantry.content.Tree;
import dev.gantry.http.ServerCheck;
import dev.gantry.oci.Access;
import dev.gantry.oci.ClientLimits;
import dev.gantry.oci.Credentials;
import dev.gantry.oci.HttpConnections;
import dev.gantry.oci.ImageLayout;
import dev.gantry.oci.RegistryClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `gantry app`: for those who make applications, and for bringing them into the catalogue.
@Command(
        name = "app",
        mixinStandardHelpOptions = true,
        description = "Checks, packs, pushes and imports applications.",
        footer = {
            "%nExample:",
            "  gantry app lint examples/softsense",
            "  gantry app pack examples/softsense --registry 127.0.0.1:5000 --into target/softsense",
            "  gantry app push target/softsense --token-file registry/push-token",
            "  gantry app import 127.0.0.1:5000/com-softsense-vibration-monitor:1.0.0"
        })
public final class AppCommand {
    @Mixin
    private Output output = new Output();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Command(
            name = "lint",
            mixinStandardHelpOptions = true,
            description = "Checks an application folder; file, line and rule for everything that is wrong.")
    int lint(@Parameters(paramLabel = "FOLDER", description = "Holds margo.yaml") Path folder) {
        Lint.Report report = Lint.check(ApplicationFolder.of(folder));
        report.remarks().forEach(remark -> spec.commandLine().getOut().println(remark));
        long errors = report.remarks().stream().filter(Remark::isError).count();
        spec.commandLine()
                .getOut()
                .println(folder + ": " + errors + " errors, "
                        + (report.remarks().size() - errors) + " pieces of advice");
        return report.isClean() ? 0 : CliMain.FAILED;
    }

    @Command(
            name = "pack",
            mixinStandardHelpOptions = true,
            description = "Packs an application and the components whose sources it holds into an OCI image layout.")
    int pack(
            @Parameters(paramLabel = "FOLDER", description = "Holds margo.yaml") Path folder,
            @Option(
                            names = "--registry",
                            required = true,
                            paramLabel = "HOST",
                            description = "Host and port that take the place of REGISTRY in the sources")
                    String registry,
            @Option(names = "--into", required = true, paramLabel = "LAYOUT", description = "A new folder") Path into) {
        List<Pack.Packed> packed =
                Pack.into(into, ApplicationFolder.of(folder), new Pack.Target(registry, Optional.empty()));
        packed.forEach(item -> spec.commandLine().getOut().println("packed " + item.reference() + " " + item.digest()));
        return 0;
    }

    @Command(
            name = "push",
            mixinStandardHelpOptions = true,
            description = "Pushes a packed application to its registry, components first.")
    int push(
            @Parameters(paramLabel = "LAYOUT", description = "What 'gantry app pack' made") Path layout,
            @Option(names = "--user", description = "Who pushes. Default: ${DEFAULT-VALUE}", defaultValue = "gantry")
                    String user,
            @Option(names = "--token-file", paramLabel = "FILE", description = "Holds the registry's token or password")
                    @Nullable
                    Path tokenFile,
            @Option(names = "--replace", description = "Move tags that name other content already") boolean replace) {
        push(
                layout,
                user,
                tokenFile,
                replace,
                line -> spec.commandLine().getOut().println(line));
        return 0;
    }

    /// Pushes every reference of a layout.
    public static void push(Path layout, String user, @Nullable Path tokenFile, boolean replace, Consumer<String> say) {
        ImageLayout packed = ImageLayout.open(layout);
        Credentials credentials = tokenFile == null ? Credentials.ANONYMOUS : login(user, tokenFile);
        try (var connections = new HttpConnections(new ServerCheck.PublicPki(), ClientLimits.DEFAULT)) {
            var registry = new RegistryClient(
                    connections, credentials, Access.DEFAULT, ClientLimits.DEFAULT, InstantSource.system());
            Push.from(packed, registry, replace)
                    .forEach(item -> say.accept("pushed " + item.reference() + " " + item.digest()));
        }
    }

    private static Credentials login(String user, Path file) {
        try {
            var secret = new Secret(Files.readString(file).strip());
            return _ -> Optional.of(new Credentials.Login(user, secret));
        } catch (IOException e) {
            throw new Fault(Fault.Kind.MISSING, "cannot read the token in " + file + ": " + e.getMessage(), e);
        }
    }

    @Command(
            name = "import",
            mixinStandardHelpOptions = true,
            description = "Brings a package of a registry into the WFM's catalogue.")
    int importPackage(
            @Parameters(paramLabel = "REFERENCE", description = "registry/path:version") String reference,
            @Mixin Connection connection) {
        try (OperatorClient wfm = connection.open()) {
            Tree.Obj application = wfm.importApplication(reference);
            output.said(
                    spec.commandLine().getOut(),
                    "imported " + Output.member(application, "application") + "@"
                            + Output.member(application, "version") + " " + Output.member(application, "digest"),
                    application);
            return 0;
        }
    }
}
