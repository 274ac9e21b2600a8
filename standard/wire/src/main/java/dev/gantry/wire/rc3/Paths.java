// SPDX-License-Identifier: Apache-2.0
package dev.gantry.wire.rc3;

import dev.gantry.content.Digest;
import dev.gantry.content.Fault;
import dev.gantry.content.Text;
import dev.gantry.spec.DeploymentId;
import dev.gantry.spec.DeviceId;
import dev.gantry.spec.Requirement;

/// Where the resources of the management interface are, below a base path that both sides can configure.
///
/// @param base empty, or starting with `/` and not ending with it: `/v1alpha2/margo`
@Requirement({"MI-047", "MI-050"})
public record Paths(String base) {
    public static final Paths ROOT = new Paths("");

    private static final String API = "/api/v1";

    public Paths {
        if (!base.isEmpty() && (!base.startsWith("/") || base.endsWith("/"))) {
            throw Fault.invalid("the base path " + Text.quoted(base) + " does not start with '/', or ends with it");
        }
    }

    /// The base path as people write it: `/` and a trailing slash are forgiven.
    public static Paths under(String base) {
        return new Paths(base.endsWith("/") ? base.substring(0, base.length() - 1) : base);
    }

    public String api() {
        return base + API;
    }

    public String deployments() {
        return api() + "/deployments";
    }

    public String deployment(DeploymentId id, Digest digest) {
        return deployments() + "/" + id + "/" + digest;
    }

    public String status(DeploymentId id) {
        return deployments() + "/" + id + "/status";
    }

    public String bundles() {
        return api() + "/bundles";
    }

    public String bundle(Digest digest) {
        return bundles() + "/" + digest;
    }

    public String capabilities() {
        return api() + "/capabilities";
    }

    /// Slashes of the device id stay raw (reading A-24).
    public String capabilities(DeviceId device) {
        return capabilities() + "/" + device;
    }
}
