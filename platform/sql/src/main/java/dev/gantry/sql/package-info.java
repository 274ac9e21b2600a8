// SPDX-License-Identifier: Apache-2.0
/// Databases: drivers, versioned migrations, group commit. The only package that imports a driver.
///
/// Start with [Database]: it takes units of work and makes them durable, many with one write to the disk. A unit
/// speaks plain SQL through [Session] and reads [Row]s. [Migrations] says where a module keeps its tables;
/// `Engine` is what a second database has to offer, `Sqlite` the first one.
@NullMarked
package dev.gantry.sql;

import org.jspecify.annotations.NullMarked;
