"""Changes: from what a shopper says to a proposal, its confirmation and what became of it.

One Rasa form, `change_form`, asks for what is missing; what is here reads the words and talks to the CRM.

    request.py    what is wanted so far: the slot `change`
    kind.py       what a kind of change is; a topic's kinds are in the module named after it, and listed in kinds.py
    records.py    the CRM's answers as the resolver's candidates, read once a message
    reading.py    words into the pieces of a request, by what they tell: orders_meant.py, goods_meant.py (and of these
                  goods_apart.py), targets_meant.py, places_meant.py, other_pieces.py
    portions.py   some pieces of a line, and what the others come to
    faults.py     whether a fault is said, without which no claim begins
    dialogue.py   what is known and said of a request with one message, and the question that waits then
    next_piece.py what comes next: a question (asking_pieces.py), or the proposal and its end (proposing.py)
    wording.py    proposals, refusals and outcomes in words
    form.py       the form's validation, as Rasa calls it; asking.py puts its questions
    first_words.py the request that a message begins
    steps/        what a message does to the request that is open
    going_over.py a change begun out of another answer
"""
