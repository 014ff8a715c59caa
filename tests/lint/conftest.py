import pytest
from source_tree import SourceTree


@pytest.fixture(scope="session")
def tree() -> SourceTree:
    return SourceTree.of_repository()
