"""Words by which names of children are told from other words: surnames, what stands before a child's name, names that places bear."""

from __future__ import annotations

import unicodedata


def bare(words: str) -> str:
    """Return the words in small letters without accents."""
    found = unicodedata.normalize("NFD", words.lower().replace("đ", "d"))
    return "".join(letter for letter in found if not unicodedata.combining(letter))


def _by_bare(words: str) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for word in words.split():
        found.setdefault(bare(word), set()).add(word)
    return {key: frozenset(forms) for key, forms in found.items()}


SURNAMES = _by_bare(
    "nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh trịnh lâm mai đào cao tô tạ châu trương hà thái lưu quách đoàn phùng vương"
    " tăng kiều lục từ triệu thạch danh lương nghiêm khổng chu mạc ninh âu viên thân hứa nhan giang mã diệp tôn bạch cù doãn đàm đồng đậu hàn khúc la lã liêu"
    " lữ nông phí tiêu tống trà hầu vi khưu kim sơn chế thiều ôn bành kha uông nguyển lí nguyen"
)
"""Surnames without accents → as they are written."""
PLAIN_SURNAMES = frozenset(
    "nguyen tran pham hoang huynh phan vu vo dang bui ngo duong ly dinh trinh lam truong le do ho mai cao chau luu phung vuong".split()
)
"""Those that are known as surnames though typed without accents."""
SMALL_SURNAMES = frozenset("nguyễn trần lê phạm huỳnh đặng bùi ngô trịnh trương nguyen".split())
"""Those that are known as surnames though written small."""
CHILD = _by_bare("em cháu bé hs sinh viên nhi đồng bạn con trò")
"""The last word of what stands before a child's name (`học sinh`, `đội viên`) without accents → as it is written."""
PLAIN_CHILD = frozenset(("em", "chau", "be", "hs", "sinh", "vien", "nhi"))

NO_NAME = frozenset(
    "sach doi hoi lop hoc gioi ngheo vuot bieu xuat yeu chap tncs csvn th thcs thpt mn ubnd gdtx tap cac voi den cung cua".split()
)
"""Words, without accents, of which none is part of a child's name."""
NO_NAME_AS_WRITTEN = frozenset(
    "niên viên trại sắc những trong ngoan khối làm nói về và tặng quà nhận thăm được khó khỏe vui mầm non là lá trao tại phường trường quận huyện xã tỉnh"
    " thành phố khu đường thiếu đội tiểu bác đảng tổ chức hỗ lễ tạo tiết kiệm trào thể năng khiếu màu sóc bơi sơ đạo thuật đẳng độ giáo kỹ sống".split()
)
"""The same, where only the accents tell them from names."""
PLACES = frozenset(
    bare(name)
    for name in (
        "Hồ Chí Minh, Lê Văn Tám, Võ Thị Sáu, Nguyễn Trãi, Lê Lợi, Lê Quý Đôn, Trần Quốc Toản, Trần Quốc Tuấn, Nguyễn Bỉnh Khiêm, Nguyễn Văn Trỗi, Lý Tự Trọng,"
        "Lê Hồng Phong, Trần Phú, Nguyễn Thị Minh Khai, Võ Văn Kiệt, Tôn Đức Thắng, Phạm Văn Đồng, Nguyễn Du, Nguyễn Khuyến, Lê Trọng Tấn, Ngô Quyền,"
        "Đinh Bộ Lĩnh, Đinh Tiên Hoàng, Lý Thường Kiệt, Lý Thái Tổ, Trần Hưng Đạo, Nguyễn Huệ, Phan Bội Châu, Phan Chu Trinh, Phan Châu Trinh, Hoàng Hoa Thám,"
        "Võ Nguyên Giáp, Nguyễn Ái Quốc, Nguyễn Tất Thành, Bùi Thị Xuân, Phan Đình Phùng, Phan Đình Giót, Mạc Đĩnh Chi, Lương Thế Vinh, Chu Văn An,"
        "Nguyễn Thái Bình, Nguyễn Thái Học, Trần Văn Ơn, Lê Anh Xuân, Lê Thị Hồng Gấm, Ngô Gia Tự, Hà Huy Tập, Nguyễn Văn Cừ, Nguyễn Đức Cảnh, Đặng Thùy Trâm,"
        "Nguyễn Thị Định, Cù Chính Lan, La Văn Cầu, Tô Vĩnh Diện, Lê Hữu Trác, Lê Đình Chinh, Nguyễn Công Trứ, Nguyễn Hữu Cảnh, Nguyễn Tri Phương,"
        "Phan Đăng Lưu, Phan Văn Trị, Trần Đại Nghĩa, Trần Văn Giàu, Nguyễn Đình Chiểu, Bùi Hữu Nghĩa, Lê Duẩn, Trường Chinh, Lý Công Uẩn, Hồ Xuân Hương,"
        "Đoàn Thị Điểm, Nguyễn Viết Xuân, Nguyễn Chí Thanh, Nguyễn Hữu Thọ, Huỳnh Tấn Phát, Huỳnh Thúc Kháng, Trần Nhân Tông, Lê Thánh Tôn, Lê Thánh Tông,"
        "Kim Đồng, Dương Vương, Lê Lai, Lê Văn Sỹ, Tô Hiến Thành, Ngô Sĩ Liên, Hàn Thuyên, Hồ Học Lãm, Lạc Long Quân, Trưng Trắc, Nguyễn Nhạc, Đào Duy Từ, Đào Duy Anh"
    ).split(",")
)
"""Names that schools, teams and streets bear: taken for a child's only beside a day of birth or a word such as `em`."""
PLACES = frozenset(" ".join(name.split()) for name in PLACES)
