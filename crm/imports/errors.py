"""The one error a person sees when a file cannot be imported at all."""


class ImportFileError(Exception):
    """The file, or the way it was read, cannot be used; the message is Chinese and says what to do."""


class ImportStateError(Exception):
    """The batch is not in the state that this step needs; the message is Chinese."""


class ImportCancelled(Exception):
    """Somebody ended a run through a batch; whatever it wrote is rolled back."""
