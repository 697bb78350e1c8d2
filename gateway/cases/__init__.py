"""Cases of the CRM as the desk sees to them: who is given one, and by when its customer is to be answered."""
