// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec;

/// The media types of the management interface.
public final class MediaTypes {
    public static final String MANIFEST = "application/vnd.margo.manifest.v1+json";
    public static final String BUNDLE = "application/vnd.margo.bundle.v1+tar+gzip";
    public static final String DEPLOYMENT = "application/yaml";
    public static final String JSON = "application/json";
    public static final String PROBLEM = "application/problem+json";

    private MediaTypes() {}
}
