using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace Smxp.Host.Cli;

/// <summary>Writes answers: JSON where it was asked for, a table on a terminal, tab-separated lines in a pipe.</summary>
internal sealed class CommandOutput(bool json)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    public int Show(Answer answer)
    {
        if (json) Console.WriteLine(JsonSerializer.Serialize(answer.Json, Json));
        else if (answer.Listing is { } listing) Write(listing);
        else foreach (string line in answer.Lines) Console.WriteLine(line);
        if (!json && answer.Note is { } note) Console.Error.WriteLine(note);
        return answer.ExitCode;
    }

    public int Fail(int exitCode, string why)
    {
        Console.Error.WriteLine(json ? JsonSerializer.Serialize(new { Error = why }, Json) : why);
        return exitCode;
    }

    private static void Write(Listing listing)
    {
        if (Console.IsOutputRedirected)
        {
            foreach (var row in listing.Rows) Console.WriteLine(string.Join('\t', row));
            return;
        }
        var table = new Table().AddColumns([.. listing.Headings]);
        foreach (var row in listing.Rows) table.AddRow(row.Select(cell => new Text(cell)));
        AnsiConsole.Write(table);
    }
}
