/**
 * @file Training a learner to continue sequences: ½ · MSE of the next token over coordinates and all positions, fresh
 * sequences at every update, updated and looked at as learners of regressions are.
 *
 * A run that should end in gradient descent has emerged when the mean cosine of its answer after the last token with that
 * of one step of descent passes .95. Source: von Oswald et al. 2023, arXiv:2309.05858, section 3.
 */
import { mean } from "../../core/stats.ts";
import { createTrainer, mean as meanOf, mul, slice, square, sub, trainingGraph } from "../../tensor/index.ts";
import { rowCosines } from "../algorithms.ts";
import { initialWeights } from "../attention.ts";
import { type LearnerParams, lawOf, shapeOf } from "../recipe.ts";
import { HELD_OUT, type Trained, type TrainingPorts, train, updateOf } from "../training.ts";
import { causalStack, guessOf, sequenceTokens, sequenceWeightSpecs, widened } from "./attention.ts";
import { descentDirections } from "./descent.ts";
import { drawSequences, lastOf, sequenceLosses } from "./draw.ts";
import { sequenceLearner, sequenceSpecs } from "./learner.ts";

export interface SequencePorts extends Omit<TrainingPorts, "reference"> {
  /** It should end in one step of gradient descent. */
  readonly isDescent: boolean;
}

/** Train from starting weights of `rng.fork("weights")`. */
export async function trainSequenceLearner(params: LearnerParams, ports: SequencePorts): Promise<Trained> {
  const { executor, rng, isDescent } = ports;
  const shape = shapeOf(params);
  const law = lawOf(params);
  const { batch: count, examples: length, dimensions } = params;
  const graph = trainingGraph({
    parameters: sequenceWeightSpecs(shape),
    inputs: sequenceSpecs({ count, length, dimensions }),
    loss(weights, { tokens }) {
      const guess = guessOf(causalStack(weights, shape, sequenceTokens(tokens!)).at(-1)!);
      const error = sub(guess, slice(tokens!, { axis: 1, start: 1, end: length + 1 }));
      return { loss: mul(meanOf(square(error)), 0.5) };
    },
    ...updateOf(params),
  });
  const trainer = await createTrainer(executor, graph, initialWeights(widened(shape), params, rng.fork("weights")));
  const heldOut = drawSequences(law, { count: HELD_OUT, rng: rng.fork("held out") });
  const descent = descentDirections(heldOut);
  const looked = await train(params, trainer, {
    ...ports,
    isAsked: isDescent,
    batch: (step) => ({ tokens: drawSequences(law, { count, rng: rng.fork(step) }).tokens }),
    async look(step) {
      const { sequences } = sequenceLearner("", shape, trainer.parameters(), executor);
      const { predictions } = await sequences!.respond(heldOut);
      return {
        step,
        loss: mean(sequenceLosses(predictions, heldOut)),
        ...(isDescent ? { cosine: mean(rowCosines(lastOf(predictions, heldOut), descent, dimensions)) } : {}),
      };
    },
  });
  return { weights: trainer.parameters(), ...looked };
}
