"""What Shopdesk adds to Rasa: the importer, the response generator, the action endpoint and the pipeline's parts."""
