// SPDX-License-Identifier: Apache-2.0
package dev.gantry.mis;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.HexFormat;

/// A request for a certificate that is right in all but one thing: its RSA key is too short. Our own issuer refuses to
/// write such a request, so its DER is put together here.
final class ShortRsa {
    private static final int BITS = 2048;
    private static final int SEQUENCE = 0x30;
    private static final int BIT_STRING = 0x03;

    private ShortRsa() {}

    /// A PKCS#10 request in PEM.
    static String request() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS);
            KeyPair pair = generator.generateKeyPair();
            byte[] information = der(
                    SEQUENCE,
                    HexFormat.of().parseHex("020100"),
                    der(SEQUENCE),
                    pair.getPublic().getEncoded(),
                    HexFormat.of().parseHex("a000"));
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(pair.getPrivate());
            signature.update(information);
            byte[] algorithm = HexFormat.of().parseHex("300d06092a864886f70d01010b0500");
            byte[] der = der(SEQUENCE, information, algorithm, der(BIT_STRING, new byte[1], signature.sign()));
            return "-----BEGIN CERTIFICATE REQUEST-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                    + "\n-----END CERTIFICATE REQUEST-----\n";
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] der(int tag, byte[]... parts) {
        var content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        var out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.size() < 0x80) {
            out.write(content.size());
        } else {
            out.write(0x82);
            out.write(content.size() >> 8);
            out.write(content.size());
        }
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }
}
