"""Personal data is found by kind and masked (contract section 5, `personal-data`)."""

from __future__ import annotations

import pytest

from sync.personal import kinds_in, mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Liên hệ anh Nam 0903 123 456", "Liên hệ anh Nam [đã che: số điện thoại]"),
        ("0903.123.456 hoặc +84 903 123 457", "[đã che: số điện thoại] hoặc [đã che: số điện thoại]"),
        ("(028) 3875 1234", "[đã che: số điện thoại]"),
        ("CCCD 079204001234", "CCCD [đã che: số căn cước]"),
        ("079204001234", "[đã che: số căn cước]"),
        ("CMND: 024 123 456", "CMND: [đã che: số căn cước]"),
        ("STK 0123456789 VCB", "STK [đã che: số tài khoản] VCB"),
        ("gửi a.b@example.org nhé", "gửi [đã che: địa chỉ thư điện tử] nhé"),
        ("em Nguyễn Văn An lớp 4A", "[đã che: tên và lớp hoặc ngày sinh của trẻ em]"),
        ("Trần Thị Bình, sinh ngày 12/3/2014", "[đã che: tên và lớp hoặc ngày sinh của trẻ em]"),
    ],
)
def test_masked(text: str, masked: str) -> None:
    """What is personal is replaced by its kind, the rest stays."""
    assert mask(text) == masked
    assert mask(masked) == masked
    assert kinds_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "Trường TH Lê Văn Tám lớp 5",
        "2.000.000 đồng",
        "tổ chức lớp 5A",
        "https://example.org/0903123456",
        "năm học 2024-2025",
        "học sinh lớp 5",
        "15/03/2024",
        "1000000000",
        "Đường Lê Lợi, ngày 12/3/2024",
    ],
)
def test_left_alone(text: str) -> None:
    """Figures, dates, schools named after people, classes and addresses of the web are no personal data."""
    assert (mask(text), kinds_in(text)) == (text, ())
