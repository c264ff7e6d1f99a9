"""Get pre-trained models from the hub of Hugging Face, where the user allows it."""

import os

from korpus.errors import KorpusError
from korpus.messages import _

# Weights, and what describes a model and its tokenizer. No code, and no pickles.
_WANTED = ["*.safetensors", "*.safetensors.index.json", "*.json", "*.txt", "*.model", "*.jinja"]
_WANTED += ["README.md"]
_OTHERS = ["onnx/*", "openvino/*"]


def snapshot(name: str, revision: str, download: bool) -> str:
    """The folder of a model of the hub in the user's cache, downloaded if that is allowed.

    Without `download` nothing is asked of the network. Raises KorpusError for a model that is not
    there or cannot be downloaded.
    """
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import (
        GatedRepoError,
        LocalEntryNotFoundError,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    try:
        return str(
            snapshot_download(
                name,
                revision=revision,
                local_files_only=not download,
                allow_patterns=_WANTED,
                ignore_patterns=_OTHERS,
            )
        )
    except LocalEntryNotFoundError:
        if not download:
            raise KorpusError(
                _("{name} at {revision} is not on this machine").format(
                    name=name, revision=revision
                ),
                _("add --download to get it from the hub, or give the folder of a model"),
            ) from None
        reason = _("no network, or the hub does not answer")
        hint = _("give the folder of a model that was downloaded elsewhere")
    except GatedRepoError:
        reason = _("its owner has to admit you first")
        hint = _("ask on the model's page, log in, and repeat the command")
    except RevisionNotFoundError:
        reason = _("the hub has no such revision")
        hint = _("name a commit that the model's page lists")
    except RepositoryNotFoundError:
        reason = _("the hub has no such model")
        hint = _("check the name: owner/name")
    except (OSError, ValueError) as error:  # of the network, the disk or a name
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        hint = _("give the folder of a model that was downloaded elsewhere")
    raise KorpusError(
        _("{name} at {revision} cannot be downloaded: {reason}").format(
            name=name, revision=revision, reason=reason
        ),
        hint,
    )
