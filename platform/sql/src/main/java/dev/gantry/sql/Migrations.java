// SPDX-License-Identifier: Apache-2.0
package dev.gantry.sql;

/// Where a module keeps the versions of its tables: files such as `V1__clients.sql`, one folder for each dialect,
/// among its own resources. A version that was released never changes; the next one follows it.
///
/// @param owner a class of the module that has the resources
/// @param folder of the resources, without the dialect: `db/wfm` for `db/wfm/sqlite/V1__clients.sql`
public record Migrations(Class<?> owner, String folder) {
    ClassLoader loader() {
        ClassLoader loader = owner.getClassLoader();
        return loader == null ? ClassLoader.getSystemClassLoader() : loader;
    }

    String location(String dialect) {
        return "classpath:" + folder + "/" + dialect;
    }
}
