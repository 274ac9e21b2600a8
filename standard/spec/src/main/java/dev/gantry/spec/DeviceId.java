// SPDX-License-Identifier: Apache-2.0
package dev.gantry.spec;

import dev.gantry.content.Fault;
import dev.gantry.content.Text;

/// The name of a device inside the scope of the client that reports it; `/` separates a gateway from its children.
/// Two clients that use one name own two devices (MI-009, MI-080). Dot segments are refused (reading V-08).
public record DeviceId(String value) implements Comparable<DeviceId> {
    public DeviceId {
        Form.checked(Form.DEVICE, value, "a device id");
        noDots(value);
    }

    private static void noDots(String value) {
        for (String segment : value.split("/", -1)) {
            if (segment.equals(".") || segment.equals("..")) {
                throw Fault.invalid(Text.quoted(value) + " is not a device id: it has a dot segment");
            }
        }
    }

    /// Whether this names a child behind a gateway.
    public boolean isChild() {
        return value.indexOf('/') >= 0;
    }

    /// The gateway in front of a child: the first segment (reading A-26); the device itself when it is no child.
    public DeviceId gateway() {
        return isChild() ? new DeviceId(value.substring(0, value.indexOf('/'))) : this;
    }

    @Override
    public int compareTo(DeviceId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
