"""Single values of other formats: identifiers, names and LaTeX."""

from __future__ import annotations

import pytest

from evigraph.ingest.fields import latex, names, sources, values


@pytest.mark.parametrize(
    ("written", "doi"),
    [
        ("https://doi.org/10.5555/Ab.1", "10.5555/Ab.1"),
        ("doi: 10.5555/x.", "10.5555/x"),
        ("10.5555/x [doi]", "10.5555/x"),
        ("10.1016/S0140-6736(05)67885-7", "10.1016/S0140-6736(05)67885-7"),
        ("(10.5555/x)", "10.5555/x"),
        ("http://dx.doi.org/10.5555%2Fx", "10.5555/x"),
        ("10.5555/(SICI)10(199601)3:1$<$1::AID-C9$>$3.0.CO;2-6", "10.5555/(SICI)10(199601)3:1<1::AID-C9>3.0.CO;2-6"),
        (
            r"10.5555/(SICI)10(199601)3:1\textless{}1::AID-C9{\textgreater}3.0.CO;2-6",
            "10.5555/(SICI)10(199601)3:1<1::AID-C9>3.0.CO;2-6",
        ),
        (r"10.5555/abc\_def{\_}1", "10.5555/abc_def_1"),
        ("10.5555/1523(07)%5BZHU%5D2.0.CO;2", "10.5555/1523(07)[ZHU]2.0.CO;2"),
        ("https://publisher.example/doi/full/10.5555/x?via=ihub", "10.5555/x"),
        ("no identifier", None),
        ("10.5555/", None),
    ],
)
def test_a_doi_is_found_in_what_surrounds_it(written: str, doi: str | None) -> None:
    """A DOI as a URL, with a prefix or with trailing marks is the bare DOI."""
    assert values.doi(written) == doi


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (["Smith J, Doe AB"], ["Smith J", "Doe AB"]),
        (["Smith, J.; Doe, A. B."], ["Smith, J.", "Doe, A. B."]),
        (["Smith, Jane and Doe, John"], ["Smith, Jane", "Doe, John"]),
        (["Smith, Jane"], ["Smith, Jane"]),
        (["Jane Smith, John Doe, Ann Lee"], ["Jane Smith", "John Doe", "Ann Lee"]),
        (["Ministry of Health and Welfare"], ["Ministry of Health and Welfare"]),
        (["Smith, J.", "et al."], ["Smith, J."]),
        (["W Guo, D Straub, P Zhang, ..."], ["W Guo", "D Straub", "P Zhang"]),
        (["Smith J., Doe A.B."], ["Smith J.", "Doe A.B."]),
        (["['Smith, J', \"O'Neil, B\"]"], ["Smith, J", "O'Neil, B"]),
        (["Werner, S. M. [Author; E-mail: w@example.org]"], ["Werner, S. M."]),
        (["Andy SmithTom McDonald"], ["Andy Smith", "Tom McDonald"]),
        (["[No author name available]"], []),
    ],
)
def test_authors_are_told_apart(written: list[object], found: list[str]) -> None:
    """One value with several persons is taken apart, a body with an `and` in its name isn't."""
    assert names.names(written) == found


def test_a_family_name_that_stands_first_is_parted_from_the_given_one() -> None:
    """Particles go with it, initials don't; a body and a name with a comma stay."""
    written = ["Dorn Ida", "de la Mare Walter J", "Sol-Ré Rafael", "World Health Organization", "Fern, Ida", "Plato"]
    parted = ["Dorn, Ida", "de la Mare, Walter J", "Sol-Ré, Rafael", *written[3:]]
    assert [names.family_before(each) for each in written] == parted


@pytest.mark.parametrize(
    ("written", "style", "family"),
    [
        ("Smith, Jane", {}, "Smith"),
        ("Jane A. Smith", {}, "Smith"),
        ("Smith JA", {}, "Smith"),
        ("van der Merwe J Jr", {}, "van der Merwe"),
        ("Ludwig van der Berg", {}, "van der Berg"),
        ("María del Mar Núñez", {}, "Núñez"),
        ("Laurent Pierre", {"family_first": True}, "Laurent"),
        ("World Health Organization", {}, "World Health Organization"),
        ("Ministry of Education, Science and Culture", {}, "Ministry of Education, Science and Culture"),
        ("Badge Wiki contributors", {}, "Badge Wiki contributors"),
        (names.Body("World Bank"), {}, "World Bank"),
    ],
)
def test_the_family_name_of_a_person_and_the_whole_name_of_a_body(
    written: str, style: dict[str, bool], family: str
) -> None:
    """Initials, suffixes and particles are known, and a body isn't taken apart at its last word."""
    assert names.family(written, names.Style(**style)) == family


def test_names_whose_family_stands_first_get_a_comma() -> None:
    """So that whoever reads them later knows the order, of every author and not of the first alone; a body stays."""
    style = names.style([], "family-first")
    listed = "Sánchez-Ruiz Nora ; van der Veen Piet; Lindqvist A B ; Moss, Fern; World Health Organization ; "
    assert names.names([listed], style) == [
        *("Sánchez-Ruiz, Nora", "van der Veen, Piet", "Lindqvist, A B", "Moss, Fern", "World Health Organization"),
    ]


def test_a_name_without_a_comma_among_names_with_one_is_a_body() -> None:
    """A file that writes `family, given` throughout writes a body without a comma."""
    style = names.style([["Doe, Jane"], ["Roe, Rex"], ["Poe, Ann"], ["Low, Cy"], ["World Bank"]])
    assert [names.family(name, style) for name in names.names(["World Bank"], style)] == ["World Bank"]
    assert [names.family(name) for name in names.names(["World Bank"])] == ["Bank"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"{\"O}sterreich \& {B}adges", "Österreich & Badges"),
        (r"$\alpha$-badges at $5 each, 90% of them", "\u03b1-badges at $5 each, 90% of them"),
        (r"CO$_2$ and $p < 0.05$", "CO2 and p < 0.05"),
        (r"5\textasciicircum{}2 {\textasciicircum}3", "5^2 ^3"),
        ("learner_id, #tag and ~tilde", "learner_id, #tag and ~tilde"),
        ("Figure~5 of ``Badges''", "Figure 5 of “Badges”"),
        ("{" * 500 + "deep" + "}" * 500, "deep"),
    ],
)
def test_latex_is_read_and_what_only_looks_like_it_stays(written: str, read: str) -> None:
    """Commands and formulas become Unicode; a dollar, a tilde or an underscore of its own is kept."""
    assert latex.as_unicode(written) == read


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Fern Notes July/August 2011;43(8):647-653", ("Fern Notes", "2011", "43", "8", "647-653")),
        ("The Lancet 2010;375:56", ("The Lancet", "2010", "375", None, "56")),
        ("J Fern. 2010 Jan 1;14(1):56-60. doi: 10.5555/abc", ("J Fern", "2010", "14", "1", "56-60")),
        ("Journal of Ferns. 14(1):S6-S9, 2010 Jan.", ("Journal of Ferns", "2010", "14", "1", "S6-S9")),
        ("Fern Notes. 14(1):56-60, May 2010.", ("Fern Notes", "2010", "14", "1", "56-60")),
        ("Fern Notes. 14(1):56-60, January/February 2010.", ("Fern Notes", "2010", "14", "1", "56-60")),
        ("Fern Notes. 14 (1) (pp 56-60), 2010. Date of Publication: 1.", ("Fern Notes", "2010", "14", "1", "56-60")),
        ("Fern Notes. Vol.14(1), Jan 2010, pp. 56-60.", ("Fern Notes", "2010", "14", "1", "56-60")),
        ("Series B Ferns 2 June 2011;43:647", ("Series B Ferns", "2011", "43", None, "647")),
        ("Ferns of 2010", (None,) * 5),
    ],
)
def test_a_source_in_one_line_is_taken_apart(line: str, expected: tuple[str | None, ...]) -> None:
    """Ovid, PubMed, Embase and PsycInfo each write it in a way of their own; what isn't one stays a title."""
    found = sources.parsed(line)
    assert tuple(found.get(key) for key in ("container", "year", "volume", "issue", "pages")) == expected
