// SPDX-License-Identifier: Apache-2.0
package dev.gantry.cli;

import dev.gantry.content.Fault;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which WFM a command speaks to, and with which key.
public final class Connection {
    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "${env:GANTRY_URL:-http://127.0.0.1:8080}",
            description = "Operator API of the WFM; also GANTRY_URL. Default: ${DEFAULT-VALUE}")
    private URI url = URI.create("http://127.0.0.1:8080");

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            defaultValue = "${env:GANTRY_KEY_FILE}",
            description = "File with the operator's key; also GANTRY_KEY_FILE")
    private @Nullable Path keyFile;

    OperatorClient open() {
        if (keyFile == null) {
            throw Fault.invalid(
                    "no operator key is given: set GANTRY_KEY_FILE or --key-file to the file 'operator-key' in"
                            + " the state folder of the WFM");
        }
        try {
            return OperatorClient.at(url, Files.readString(keyFile).strip());
        } catch (IOException e) {
            throw new Fault(
                    Fault.Kind.MISSING, "cannot read the operator key in " + keyFile + ": " + e.getMessage(), e);
        }
    }
}
