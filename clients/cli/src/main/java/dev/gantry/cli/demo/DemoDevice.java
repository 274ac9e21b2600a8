// SPDX-License-Identifier: Apache-2.0
package dev.gantry.cli.demo;

import java.util.List;

/// One of Julia's devices; each comes from another supplier.
record DemoDevice(String id, String vendor, String model, String serial) {
    static final List<DemoDevice> ALL = List.of(
            new DemoDevice("press-01", "Northwind Controls", "NC-200", "NC-000731"),
            new DemoDevice("vat-02", "Acme Edge", "AE-9", "AE-77-104"),
            new DemoDevice("line-03", "Contoso Industrial", "CI-EDGE", "CI-2026-03"));
}
