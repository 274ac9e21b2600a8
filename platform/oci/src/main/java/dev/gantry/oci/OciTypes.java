// SPDX-License-Identifier: Apache-2.0
package dev.gantry.oci;

import java.util.Set;

/// The media types and annotation keys of the OCI image specification that we write or accept.
public final class OciTypes {
    public static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    public static final String INDEX = "application/vnd.oci.image.index.v1+json";
    public static final String CONFIG = "application/vnd.oci.image.config.v1+json";
    public static final String LAYER_TAR_GZIP = "application/vnd.oci.image.layer.v1.tar+gzip";
    public static final String EMPTY = "application/vnd.oci.empty.v1+json";

    public static final String TITLE = "org.opencontainers.image.title";
    public static final String VERSION = "org.opencontainers.image.version";
    public static final String DESCRIPTION = "org.opencontainers.image.description";
    public static final String AUTHORS = "org.opencontainers.image.authors";
    public static final String REF_NAME = "org.opencontainers.image.ref.name";

    /// What a client asks for when it wants a manifest of any kind.
    static final String ACCEPTED = String.join(
            ", ",
            MANIFEST,
            INDEX,
            "application/vnd.docker.distribution.manifest.v2+json",
            "application/vnd.docker.distribution.manifest.list.v2+json");

    private static final Set<String> INDEXES =
            Set.of(INDEX, "application/vnd.docker.distribution.manifest.list.v2+json");

    private OciTypes() {}

    /// Whether a manifest of this media type lists other manifests.
    public static boolean isIndex(String mediaType) {
        return INDEXES.contains(mediaType);
    }
}
