// SPDX-License-Identifier: Apache-2.0
package dev.gantry.runtime.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gantry.agent.runtime.WorkloadException;
import dev.gantry.content.Blob;
import dev.gantry.testkit.Seeds;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ModuleOutlineTest {
    private static void refused(String code, String message, byte... bytes) {
        var refusal = assertThrows(WorkloadException.class, () -> ModuleOutline.read(Blob.of(bytes)));
        assertEquals(code, refusal.code());
        assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
    }

    @Test
    void importsMemoryAndEntryAreSeen() throws WorkloadException {
        ModuleOutline outline = ModuleOutline.read(Modules.HELLO);
        assertEquals(
                List.of(
                        "wasi_snapshot_preview1:fd_write",
                        "wasi_snapshot_preview1:poll_oneoff",
                        "wasi_snapshot_preview1:proc_exit"),
                outline.imports().stream().map(ModuleOutline.Import::toString).toList());
        assertEquals(List.of(new ModuleOutline.Pages(1, 65536)), outline.memory());
        assertTrue(outline.start());
    }

    @Test
    void whatIsNoModuleIsRefused() {
        refused("WASM_INVALID_MODULE", "only 0 bytes");
        refused(
                "WASM_INVALID_MODULE",
                "does not begin with",
                (byte) 0x7f,
                (byte) 'E',
                (byte) 'L',
                (byte) 'F',
                (byte) 1,
                (byte) 0,
                (byte) 0,
                (byte) 0);
        refused("WASM_INVALID_MODULE", "version 2", header(2, 0));
    }

    @Test
    void aComponentIsRefusedAsOne() {
        refused("WASM_FORMAT_UNSUPPORTED", "is a component", header(0x0d, 1));
    }

    private static byte[] header(int version, int layer) {
        return new byte[] {0, 'a', 's', 'm', (byte) version, 0, (byte) layer, 0};
    }

    @Test
    void everyTruncationIsRefusedOrSeenAsShorter() {
        byte[] whole = Modules.ENVIRONMENT.toByteArray();
        int refused = 0;
        for (int length = 0; length < whole.length; length++) {
            try {
                ModuleOutline.read(Blob.of(Arrays.copyOf(whole, length)));
            } catch (WorkloadException e) {
                assertEquals("WASM_INVALID_MODULE", e.code());
                refused++;
            }
        }
        // Only cuts between two sections leave something that is a module still.
        assertTrue(refused > whole.length - 16, refused + " of " + whole.length);
    }

    @Seeds(500)
    void aDamagedModuleIsReadOrRefusedAndNothingElse(long seed) {
        var chance = new Random(seed);
        byte[] bytes = Modules.ENVIRONMENT.toByteArray();
        for (int times = 1 + chance.nextInt(8); times > 0; times--) {
            bytes[chance.nextInt(bytes.length)] = (byte) chance.nextInt();
        }
        try {
            ModuleOutline.read(Blob.of(bytes));
        } catch (WorkloadException e) {
            assertTrue(e.code().equals("WASM_INVALID_MODULE") || e.code().equals("WASM_FORMAT_UNSUPPORTED"), e.code());
        }
    }

    @Test
    void sectionsInTheWrongOrderAreRefused() {
        refused("WASM_INVALID_MODULE", "twice or in the wrong place", new byte[] {
            0, 'a', 's', 'm', 1, 0, 0, 0, 3, 1, 0, 1, 1, 0
        });
        refused("WASM_INVALID_MODULE", "section 77", new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0, 77, 0});
    }

    @Test
    void countsBeyondTheirBoundAreRefused() {
        refused("WASM_INVALID_MODULE", "imports, at most 1000", new byte[] {
            0, 'a', 's', 'm', 1, 0, 0, 0, 2, 3, (byte) 0xff, (byte) 0xff, 3
        });
        refused("WASM_INVALID_MODULE", "memories, at most 1", new byte[] {
            0, 'a', 's', 'm', 1, 0, 0, 0, 5, 5, 2, 0, 1, 0, 1
        });
        refused("WASM_INVALID_MODULE", "64-bit", new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0, 5, 3, 1, 4, 1});
    }
}
