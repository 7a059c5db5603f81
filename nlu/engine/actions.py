"""The project's custom actions, run in this process instead of behind an action server."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from typing import Any

from rasa.core.actions.action import Action, RemoteAction, action_for_name_or_text
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa_sdk import Action as CustomAction
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.utils import all_subclasses

from nlu.engine.events import deserialised


class ActionFailedError(Exception):
    """A custom action raised; carries the action's name and the error's type, not its text."""


class InProcessAction(RemoteAction):
    """A custom action, called through rasa_sdk's executor without HTTP.

    ``RemoteAction`` opens an HTTP session a call, sends the whole domain, and checks the answer
    against a JSON schema that ``jsonschema`` first checks itself, every time: two thirds of a
    turn. The answer here comes from rasa_sdk in the same process, which checks the events itself.
    """

    def __init__(self, name: str, executor: ActionExecutor, domain: dict[str, Any]) -> None:
        """Bind the action.

        Args:
            name: the action's name in the domain.
            executor: holds the registered actions.
            domain: the domain as the action server would receive it; actions only read it.
        """
        super().__init__(name, None)
        self._executor = executor
        self._domain = domain

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        """Run the action; return what it said and its events, in Rasa's order.

        Raises:
            ActionFailedError: whatever the action raised, without its text.
        """
        try:
            response = await self._executor.run(
                {
                    "next_action": self._name,
                    "sender_id": tracker.sender_id,
                    "tracker": tracker.current_state(EventVerbosity.ALL),
                    "domain": self._domain,
                }
            )
        except Exception as error:
            # The error's text may quote the traveller; its traceback's lines do not.
            raise ActionFailedError(f"{self._name}: {describe(error)}") from None
        if response is None:
            raise ActionFailedError(f"{self._name}: no answer")
        said = await self._utter_responses(response["responses"], output_channel, nlg, tracker)
        return [*said, *deserialised(response["events"])]


class ActionRegistry:
    """Every action of the domain by name, created once."""

    def __init__(self, domain: Domain, package: str = "actions") -> None:
        """Import the package with its modules and register its actions.

        Raises:
            ImportError: when a module of the package cannot be imported.

        Args:
            domain: the model's domain.
            package: import name of the package with the ``rasa_sdk`` actions.
        """
        self._domain = domain
        self._executor = _executor(package)
        self._domain_data = domain.as_dict()
        self._actions: dict[str, Action] = {}

    def missing(self) -> list[str]:
        """Return the domain's custom actions that the package does not have."""
        return [
            name
            for name in self._domain.user_actions
            if not name.startswith("utter_") and name not in self._executor.actions
        ]

    def get(self, name: str) -> Action:
        """Return the action of this name, Rasa's own or the project's."""
        action = self._actions.get(name)
        if action is None:
            action = self._actions[name] = self._create(name)
        return action

    def _create(self, name: str) -> Action:
        action = action_for_name_or_text(name, self._domain, None)
        if isinstance(action, RemoteAction):
            return InProcessAction(name, self._executor, self._domain_data)
        return action


def _executor(package: str) -> ActionExecutor:
    """Return rasa_sdk's executor with the actions of one package.

    ``ActionExecutor.register_package`` ends the process when a module cannot be imported, and
    registers the actions of every package that happens to be imported.
    """
    executor = ActionExecutor()
    root = importlib.import_module(package)
    for module in pkgutil.walk_packages(root.__path__, f"{package}."):
        importlib.import_module(module.name)
    for action in all_subclasses(CustomAction):
        if f"{action.__module__}.".startswith(f"{package}.") and not inspect.isabstract(action):
            executor.register_action(action)
    return executor


def describe(error: BaseException) -> str:
    """Return where an error was raised and its type, without its message.

    Messages of errors can quote what a traveller typed; file, line and type cannot.
    """
    trace, place = error.__traceback__, "unknown place"
    while trace is not None:
        place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__} at {place}"
