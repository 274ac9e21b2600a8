// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http;

import dev.gantry.wire.Caller;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Who is at the other end of a connection, proven once and kept with it.
///
/// @param proof null for anonymous callers
record Peer(Caller caller, PeerTrust.@Nullable Proven proof) {
    static Peer anonymous(Channel channel) {
        return new Peer(Caller.anonymous(address(channel)), null);
    }

    static Peer of(Channel channel, PeerTrust.Proven proof) {
        return new Peer(new Caller(Optional.of(proof.identity()), address(channel)), proof);
    }

    /// The network address, for logs.
    static String address(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress address
                ? address.getAddress().getHostAddress()
                : "unknown";
    }
}
