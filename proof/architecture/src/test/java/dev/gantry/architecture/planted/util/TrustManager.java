// SPDX-License-Identifier: Apache-2.0
package dev.gantry.architecture.planted.util;

/// No mistake: it is named after what it implements.
class TrustManager implements javax.net.ssl.TrustManager {}
