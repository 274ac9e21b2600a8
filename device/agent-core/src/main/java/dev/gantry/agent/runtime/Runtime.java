// SPDX-License-Identifier: Apache-2.0
package dev.gantry.agent.runtime;

import java.util.List;

/// One way to run workloads: an engine on this device. The agent compares what is wanted with [#running()] and
/// calls
/// [#ensure] and [#remove] for the difference, again and again after power cuts; a runtime keeps no list of
/// things to
/// do.
public interface Runtime extends AutoCloseable {
    /// The deployment type that this runtime serves, `compose` for example; an open set.
    String deploymentType();

    /// What the device may report because this runtime is here.
    Offer offer();

    /// Makes a workload run at its revision, replacing another revision of it. Calling it again changes nothing.
    /// It returns soon; how far it got is told by [#running()].
    ///
    /// @throws WorkloadException when it cannot be started at all; what ran before then still runs
    void ensure(Workload wanted) throws WorkloadException;

    /// Stops a workload and removes what it left behind. A workload that is not there is no error.
    void remove(WorkloadId id) throws WorkloadException;

    /// Every workload of this runtime that is there in any condition, whoever started it in whichever process.
    List<Observed> running();

    /// Lets go of the engine. Workloads that can outlive the agent go on.
    @Override
    void close();
}
