// SPDX-License-Identifier: Apache-2.0
package dev.gantry.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;

/// Reads requests strictly, and tells when bytes arrive, so that a head that comes byte by byte is seen.
final class RequestDecoder extends HttpRequestDecoder {
    private final Runnable bytesArrived;

    RequestDecoder(ListenerLimits.Sizes sizes, Runnable bytesArrived) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(sizes.targetBytes())
                .setMaxHeaderSize(sizes.headerBytes())
                .setMaxChunkSize(BodyPipe.FULL)
                .setAllowDuplicateContentLengths(false)
                .setStrictLineParsing(true)
                .setUseRfc9112TransferEncoding(true)
                .setValidateHeaders(true));
        this.bytesArrived = bytesArrived;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        bytesArrived.run();
        super.channelRead(context, message);
    }

    /// Two lengths for one body is how requests are smuggled past a proxy (RFC 9112 section 6.1).
    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException("the request has both Content-Length and Transfer-Encoding");
    }
}
