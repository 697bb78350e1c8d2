"""Danger in names of goods and their properties is none; danger that happens is."""

from __future__ import annotations

import pytest

from actions.resolver.danger_names import may_be_harm, only_names_danger


@pytest.mark.parametrize(
    "text",
    [
        "olive oil smoke point",
        "whats the smoke point of it",
        "is it a smoker or a grill",
        "smoked dome please",
        "do you have a fire pit",
        "is the fire pit safe on a deck",
        "gas grill with two burners",
        "how long does it burn",
        "burn time of the big candle",
        "is it shockproof",
        "烟点多少",
        "烟熏味重吗",
        "面料防火吗",
        "有没有燃气灶",
        "烧烤架多大",
        "whats the best gas grill",
        "3 burner gas grill please",
        "avocado oil smoke point",
        "fireproof document bag",
        "show me a smoker for brisket? any size",
        "防火毯多少钱",
        "花生油烟点",
        "壁炉",
    ],
)
def test_a_name_is_no_alarm(text: str) -> None:
    assert only_names_danger(text)


@pytest.mark.parametrize(
    "text",
    [
        "the gas grill is on fire",
        "smoke is coming out of the smoker",
        "my charger is smoking",
        "i smell gas from the gas grill",
        "the smoke alarm went off, the toaster is burning",
        "got an electric shock",
        "my hand is burnt from the burner",
        "烤炉着火了",
        "燃气灶漏气了",
        "充电宝冒烟了",
        "烧烤架烫伤了手",
        "防火面料烧起来了",
        "孩子误食了火锅底料",
        "the fireplace heater sparked, help",
        "where is my order",
        "the oil caught alight at its smoke point",
        "gas cylinder is hissing in my kitchen",
        "the burner won't turn off",
        "safety razor cut me deep",
        "i have sensitive skin and it is itchy after the cream",
        "烤炉炸了",
        "烧烤架倒了砸到脚",
        "皮肤敏感 用了起红疹",
        "敏感肌用了脸红",
        "the gas cylinder burst",
        "the gas burner blew up",
        "gas grill shot a fireball at the fence",
        "gas stove and everyone feels dizzy",
        "smoker grill has black clouds coming from it",
        "burners stay lit with the knob closed",
        "firewood smouldering on the carpet",
        "smoked salmon made me throw up",
        "leakproof bottle battery acid on me",
        "have a blister from the smoker",
        "is it normal that the gas stove roars",
        "燃气灶有股怪味",
        "燃气灶嘶嘶响",
        "煤气灶窜出火苗",
        "烧烤架塌了压到孩子",
        "烧水壶一直跳闸",
        "敏感肌面霜用得呼吸困难",
        "烟雾报警器一直响",
    ],
)
def test_what_happens_is_one(text: str) -> None:
    assert not only_names_danger(text)


@pytest.mark.parametrize("text", ["were on septic", "its for a boat", "化粪池可以吗"])
def test_a_short_remark_may_be_of_goods(text: str) -> None:
    assert not may_be_harm(text)


@pytest.mark.parametrize(
    "text",
    [
        "he put it in his mouth",
        "my dog chewed one",
        "it is smoking",
        "there is a burning smell",
        "i feel strange",
        "孩子吞了",
        "冒烟了",
        "眼睛睁不开",
    ],
)
def test_what_may_tell_of_harm(text: str) -> None:
    assert may_be_harm(text)
