/** @file The library's only door. */

export { type AuditOptions, audit } from "./audit/audit.ts";
export { gradeAudit } from "./audit/grade.ts";
export type { Answer, Argument, AuditRecord, Finding, Gap, Gaps, GradedAudit } from "./audit-record.ts";
export {
  ChatFailure,
  type ChatMessage,
  type ChatRequest,
  type ChatSubject,
  type Reply,
  type ReplyOptions,
  type TrialPlan,
} from "./chat.ts";
export { type ClaimPlugin, defineClaim, type Outcome, type Verdict } from "./claim.ts";
export { claims } from "./claims/index.ts";
export {
  type Arm,
  type ContrastPlugin,
  type Design,
  defineContrast,
  type Hypothesis,
  type Item,
  type Observation,
  type Score,
  type ScoredTrial,
  type Suite,
} from "./contrast.ts";
export { contrasts } from "./contrasts/index.ts";
export { type ErrorCode, LabError } from "./core/errors.ts";
export { type Estimate, formatEstimate, formatReading, type Reading, scored, unscored } from "./core/estimate.ts";
export { boundedMean, overSeeds, pairedDifference, wilson } from "./core/intervals.ts";
export { type Rng, rng } from "./core/rng.ts";
export {
  type DetectorPlugin,
  decline,
  defineDetector,
  type Examination,
  type Measurement,
  QUESTIONS,
  type QuestionId,
} from "./detector.ts";
export { detectors } from "./detectors/index.ts";
export {
  type Batch,
  COUPLED,
  DECOUPLED,
  defineEnv,
  type EnvPlugin,
  type Level,
  type Mixture,
  MOVES,
  type World,
} from "./env.ts";
export { envs } from "./envs/index.ts";
export type { Evidence } from "./evidence.ts";
export { defineExperiment, type ExperimentPlugin, type ExperimentRecord, type Lab, type Row } from "./experiment.ts";
export { experiments } from "./experiments/index.ts";
export { type Attempt, type Board, horizonParam, layoutParam, makeBoard, sizeParam } from "./grid/board.ts";
export { type TwoTargetsSpec, twoTargets } from "./grid/two-targets.ts";
export { type Activation, recordActivations, scanActivations } from "./interpret/activations.ts";
export {
  type Baseline,
  type ProbeBench,
  type ProbeQuestion,
  type ProbeReport,
  type ProbeScore,
  type ProbeTarget,
  prepareProbe,
} from "./interpret/probes.ts";
export { type RetargetReport, type RetargetTrial, retarget } from "./interpret/retarget.ts";
export { inputGradients, type SaliencyOptions, type SaliencyReport, saliency } from "./interpret/saliency.ts";
export { findSite, formatSite, listSites, parseSite, type SiteAddress, type SiteInfo } from "./interpret/sites.ts";
export { recordStates, type States } from "./interpret/states.ts";
export { massOn, tryWrite, type WriteReport, type WriteTrial } from "./interpret/writes.ts";
export { patchFrom, pushTo, type Write, writtenSubject } from "./interpret/written.ts";
export { createLab, type LabOptions } from "./lab/lab.ts";
export { makeNetwork, makeWorld } from "./lab/registry.ts";
export { runExperiment } from "./lab/replicate.ts";
export { openSubject } from "./lab/subjects.ts";
export { defineLens, type Forecaster, type LensEvidence, type LensPlugin } from "./lens.ts";
export { lenses } from "./lenses/index.ts";
export { defineMitigation, type MitigationPlugin } from "./mitigation.ts";
export { mitigations } from "./mitigations/index.ts";
export { defineNetwork, type Network, type NetworkPlugin, type PolicyShape, type Weights } from "./network.ts";
export { networks } from "./networks/index.ts";
export { defineOptimizer, type Learner, type OptimizerPlugin } from "./optimizer.ts";
export { optimizers } from "./optimizers/index.ts";
export { defineOrganism, type OrganismPlugin, type OrganismRecord, type TrainingSpec } from "./organism.ts";
export { organisms } from "./organisms/index.ts";
export { parseParams } from "./plugin.ts";
export { openPolicy, savePolicy } from "./policy/file.ts";
export { tracedInside } from "./policy/inside.ts";
export { defineProvider, type ProviderPlugin, type ProviderPorts } from "./provider.ts";
export { providers } from "./providers/index.ts";
export { drawLevels, type Episodes, randomAct, rollout } from "./rollout.ts";
export type { Store } from "./store/store.ts";
export type { Access, Inside, Subject } from "./subject.ts";
export type { TaskSpec } from "./task.ts";
export { type Executor, openExecutor } from "./tensor/index.ts";
export { train } from "./train.ts";
export { analyzeContrast, type ContrastReport } from "./trials/analyze.ts";
export type { JournalPort } from "./trials/journal.ts";
export { type ChatAuditRecord, chatAudit } from "./trials/record.ts";
export { estimateRun, type RunOptions, type RunPorts, type RunResult, runSuite } from "./trials/run.ts";
export { type ValidationRow, validateContrast } from "./trials/validate.ts";
