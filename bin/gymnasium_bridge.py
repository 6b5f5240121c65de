"""Gymnasium over stdio: one JSON request a line in, one JSON answer a line out.

    {"do": "make", "id": "FrozenLake-v1", "kwargs": {}, "slots": 8}
        -> {"observation": {"shape": [...]} | {"n": 16}, "actions": 4, "version": "1.0.0"}
    {"do": "reset", "slot": 0, "seed": 7}  -> {"observation": [...]}
    {"do": "step", "actions": [0, null]}   -> {"steps": [{"observation", "reward", "ended"}, null]}

A discrete observation is its index, in a list of one. `ended` is 0, 1 (terminated) or 2 (truncated). What goes wrong
is answered as {"error": "..."}. The process ends with its input.
"""

import json
import sys

# What an environment prints must not be taken for an answer.
answers, sys.stdout = sys.stdout, sys.stderr


def flat(observation):
    if hasattr(observation, "reshape"):
        return [float(value) for value in observation.reshape(-1)]
    return [float(observation)]


class Bridge:
    def make(self, id, kwargs, slots):
        import gymnasium

        self.slots = [gymnasium.make(id, **kwargs) for _ in range(slots)]
        observation, action = self.slots[0].observation_space, self.slots[0].action_space
        if not hasattr(action, "n"):
            raise ValueError(f"the actions are {action}; only discrete actions can be played")
        if hasattr(observation, "n"):
            self.first, described = int(getattr(observation, "start", 0)), {"n": int(observation.n)}
        elif getattr(observation, "shape", None) is not None:
            self.first, described = 0, {"shape": [int(size) for size in observation.shape]}
        else:
            raise ValueError(f"the observations are {observation}; only Discrete and Box can be read")
        self.offset = int(getattr(action, "start", 0))
        return {"observation": described, "actions": int(action.n), "version": gymnasium.__version__}

    def seen(self, observation):
        return [value - self.first for value in flat(observation)]

    def reset(self, slot, seed):
        observation, _ = self.slots[slot].reset(seed=seed)
        return {"observation": self.seen(observation)}

    def step(self, actions):
        return {"steps": [None if action is None else self.one(slot, action) for slot, action in enumerate(actions)]}

    def one(self, slot, action):
        observation, reward, terminated, truncated, _ = self.slots[slot].step(action + self.offset)
        ended = 1 if terminated else 2 if truncated else 0
        return {"observation": self.seen(observation), "reward": float(reward), "ended": ended}


bridge = Bridge()
for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = getattr(bridge, request.pop("do"))(**request)
    except Exception as error:  # whatever an environment raises is told to the other side
        answer = {"error": f"{type(error).__name__}: {error}"}
    answers.write(json.dumps(answer) + "\n")
    answers.flush()
